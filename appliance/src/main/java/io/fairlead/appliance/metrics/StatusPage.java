package io.fairlead.appliance.metrics;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.AddressLine;
import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.LeavingLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.appliance.event.Event;
import io.fairlead.core.text.Amount;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The status as a page for browsers: one page without scripts, links or anything from elsewhere, which a strict policy would
 * refuse. Everything that it shows is escaped.
 */
public final class StatusPage {

    /** How many of the latest events are worth showing. */
    public static final int EVENTS_SHOWN = 20;

    /** More make no page for people; those that are not whole come first. */
    private static final int VIRTUAL_SERVERS_SHOWN_MAX = 200;

    private static final String RELOAD_SECONDS = "10";

    private static final String STYLE = style();

    private static final List<Content.Header> HEADERS = List.of(
            new Content.Header(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'sha256-" + digest(STYLE)
                            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            new Content.Header("Referrer-Policy", "no-referrer"),
            new Content.Header("X-Frame-Options", "DENY"));

    private final StatusReport report;
    private final HaReport election;
    private final List<Event> events;
    private final Instant now;

    private StatusPage(StatusReport report, HaReport election, List<Event> events, Instant now) {
        this.report = report;
        this.election = election;
        this.events = events;
        this.now = now;
    }

    /** @param events the latest, the oldest first */
    public static Content of(StatusReport report, HaReport election, List<Event> events, Instant now) {
        StatusPage page = new StatusPage(report, election, events, now);
        return new Content("text/html; charset=utf-8", HEADERS, page::writeTo);
    }

    private static String style() {
        try (InputStream sheet = StatusPage.class.getResourceAsStream("status-page.css")) {
            if (sheet == null) {
                throw new IllegalStateException("status-page.css is missing");
            }
            return new String(sheet.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void writeTo(Writer out) throws IOException {
        HtmlWriter html = new HtmlWriter(out);
        html.open("html", "lang", "en");
        head(html);
        html.open("body");
        summary(html);
        problems(html);
        ElectionSection.write(html, election);
        virtualServers(html);
        leaving(html);
        addresses(html);
        events(html);
        html.end();
    }

    private void head(HtmlWriter html) throws IOException {
        html.open("head")
                .empty("meta", "charset", "utf-8")
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "http-equiv", "refresh", "content", RELOAD_SECONDS)
                .element("title", report.node() + " – Fairlead")
                .style(STYLE)
                .close();
    }

    private void summary(HtmlWriter html) throws IOException {
        html.open("header").element("h1", report.node());
        html.element(
                "p",
                "Fairlead " + report.version() + ", running since " + seconds(report.since()) + "; as of "
                        + now.truncatedTo(ChronoUnit.SECONDS));
        html.close();
        long whole =
                report.virtualServers().stream().filter(StatusPage::isWhole).count();
        int realServers = report.virtualServers().stream()
                .mapToInt(line -> line.realServers().size())
                .sum();
        int healthy = report.virtualServers().stream()
                .mapToInt(VirtualServerLine::healthy)
                .sum();
        html.open("dl", "class", "tiles");
        tile(
                html,
                "Virtual servers",
                whole + " of " + report.virtualServers().size() + " whole",
                whole == report.virtualServers().size());
        tile(html, "Real servers", healthy + " of " + realServers + " healthy", healthy == realServers);
        tile(
                html,
                "Kernel table",
                report.reconcile().state(),
                report.reconcile().state().equals("in-sync"));
        tile(html, "Drift repaired", Long.toString(report.reconcile().drift()), true);
        tile(
                html,
                "Checks failed",
                report.checks().failed() + " of "
                        + (report.checks().passed() + report.checks().failed()),
                true);
        html.close();
    }

    private static void tile(HtmlWriter html, String name, String value, boolean isGood) throws IOException {
        html.open("div", "class", isGood ? "tile" : "tile bad")
                .element("dt", name)
                .element("dd", value)
                .close();
    }

    private void problems(HtmlWriter html) throws IOException {
        List<String> problems = new ArrayList<>();
        report.reconcile().failing().forEach(line -> problems.add("Kernel table: " + line));
        report.reconcile().contested().forEach(line -> problems.add("Contested: " + line));
        if (report.packetRules().failing() != null) {
            problems.add("Packet rules: " + report.packetRules().failing());
        }
        report.addresses().failing().forEach(line -> problems.add("Virtual addresses: " + line));
        election.failing().forEach(line -> problems.add("Virtual routers: " + line));
        if (!problems.isEmpty()) {
            html.open("section", "class", "problems")
                    .element("h2", "What is tried again")
                    .open("ul");
            for (String problem : problems) {
                html.element("li", problem);
            }
            html.close().close();
        }
    }

    private static boolean isWhole(VirtualServerLine line) {
        return line.healthy() == line.realServers().size()
                && line.pool().quorum().equals("held");
    }

    private void virtualServers(HtmlWriter html) throws IOException {
        List<VirtualServerLine> shown = report.virtualServers().stream()
                .sorted(Comparator.comparing(StatusPage::isWhole))
                .limit(VIRTUAL_SERVERS_SHOWN_MAX)
                .toList();
        html.open("main");
        for (VirtualServerLine line : shown) {
            virtualServer(html, line);
        }
        int rest = report.virtualServers().size() - shown.size();
        if (rest > 0) {
            html.element("p", "And " + Amount.of(rest, "more virtual server") + ": fairlead vs list shows all.");
        }
        if (report.virtualServers().isEmpty()) {
            html.element("p", "No virtual server is configured.");
        }
        html.close();
    }

    private void virtualServer(HtmlWriter html, VirtualServerLine line) throws IOException {
        html.open("section").open("h2").text(line.name() + " ");
        html.element("small", line.service() + " " + line.scheduler());
        html.close();
        html.open("p", "class", "facts");
        boolean isHeld = line.pool().quorum().equals("held");
        html.element("span", "quorum " + line.pool().quorum(), "class", isHeld ? "good" : "bad");
        if (line.pool().isSorry()) {
            html.element("span", "sorry server answers", "class", "bad");
        }
        html.element("span", line.healthy() + " of " + line.realServers().size() + " healthy");
        html.element("span", Amount.of(line.connections(), "connection"));
        html.element("span", line.connectionsPerSecond() + " a second");
        html.element("span", bytes(line.bytesIn()) + " in");
        html.element("span", bytes(line.bytesOut()) + " out");
        html.close();
        table(html, "Real server", "Address", "State", "Weight", "Active", "Inactive", "Reason");
        for (RealServerLine server : line.realServers()) {
            realServer(html, server);
        }
        for (DrainLine drain : line.pool().draining()) {
            drain(html, drain);
        }
        html.close().close().close();
    }

    private static void realServer(HtmlWriter html, RealServerLine line) throws IOException {
        html.open("tr");
        cell(html, "Real server", line.name());
        cell(html, "Address", line.address() + " " + line.forwarding());
        cell(html, "State", state(line), stateClass(line));
        cell(
                html,
                "Weight",
                line.weight() == null
                        ? "-/" + line.configuredWeight()
                        : line.weight() == line.configuredWeight()
                                ? Integer.toString(line.configuredWeight())
                                : line.weight() + "/" + line.configuredWeight(),
                "number");
        cell(html, "Active", Long.toString(line.activeConnections()), "number");
        cell(html, "Inactive", Long.toString(line.inactiveConnections()), "number");
        cell(html, "Reason", line.reason());
        html.close();
    }

    private static String state(RealServerLine line) {
        StringBuilder state = new StringBuilder(
                switch (line.health()) {
                    case "healthy" -> "✓ ";
                    case "unhealthy" -> "✗ ";
                    default -> "? ";
                });
        state.append(line.health());
        if (line.disputed()) {
            state.append(" (peers disagree)");
        }
        if (line.member().phase() != null) {
            state.append(", ").append(line.member().phase());
            if (line.member().until() != null) {
                state.append(" until ").append(line.member().until());
            }
        } else if (!line.member().admin().equals("enabled")) {
            state.append(", ").append(line.member().admin());
        }
        if (line.since() != null) {
            state.append(" since ").append(seconds(line.since()));
        }
        return state.toString();
    }

    private static String stateClass(RealServerLine line) {
        return switch (line.health()) {
            case "healthy" -> line.member().admin().equals("enabled") && !line.disputed() ? "good" : "odd";
            case "unhealthy" -> "bad";
            default -> "odd";
        };
    }

    private void leaving(HtmlWriter html) throws IOException {
        for (LeavingLine line : report.leaving()) {
            html.open("section").open("h2").text(line.service() + " ");
            html.element("small", "left the configuration").close();
            table(html, "Real server", "Address", "State", "Weight", "Active", "Inactive", "Reason");
            for (DrainLine drain : line.draining()) {
                drain(html, drain);
            }
            html.close().close().close();
        }
    }

    private static void drain(HtmlWriter html, DrainLine line) throws IOException {
        html.open("tr");
        cell(html, "Real server", "-");
        cell(html, "Address", line.address());
        cell(html, "State", "drains until " + line.deadline(), "odd");
        cell(html, "Weight", "0", "number");
        cell(html, "Active", Long.toString(line.activeConnections()), "number");
        cell(html, "Inactive", Long.toString(line.inactiveConnections()), "number");
        cell(html, "Reason", line.cause());
        html.close();
    }

    private void addresses(HtmlWriter html) throws IOException {
        if (report.addresses().addresses().isEmpty()) {
            return;
        }
        html.open("section").element("h2", "Virtual addresses");
        table(html, "Address", "Interface", "State", "Set");
        for (AddressLine line : report.addresses().addresses()) {
            html.open("tr");
            cell(html, "Address", line.address());
            cell(html, "Interface", line.interfaceName());
            cell(html, "State", line.state(), line.state().equals("present") ? "good" : "odd");
            cell(html, "Set", line.set());
            html.close();
        }
        html.close().close().close();
    }

    private void events(HtmlWriter html) throws IOException {
        if (events.isEmpty()) {
            return;
        }
        html.open("section").element("h2", "Latest events");
        table(html, "Time", "Of", "Change", "Cause");
        for (Event event : events.reversed()) {
            html.open("tr");
            cell(html, "Time", seconds(event.at()), "time");
            cell(html, "Of", event.subject());
            cell(html, "Change", event.change());
            cell(html, "Cause", event.cause());
            html.close();
        }
        html.close().close().close();
    }

    /** Opens a table and its body. */
    static void table(HtmlWriter html, String... columns) throws IOException {
        html.open("table").open("thead").open("tr");
        for (String column : columns) {
            html.element("th", column, "scope", "col");
        }
        html.close().close().open("tbody");
    }

    /** The name of the column is shown again where the screen is too narrow for columns. */
    static void cell(HtmlWriter html, String column, String text, String... cssClass) throws IOException {
        if (cssClass.length == 0) {
            html.element("td", text, "data-column", column);
        } else {
            html.element("td", text, "data-column", column, "class", cssClass[0]);
        }
    }

    /** Times of the report have a fixed form; the milliseconds are of no interest here. */
    static String seconds(String time) {
        return time.replaceFirst("\\.\\d+Z$", "Z");
    }

    private static String bytes(long count) {
        if (count < 1000) {
            return count + " B";
        }
        double value = count;
        int unit = -1;
        while (value >= 1000 && unit < 5) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", value, "kMGTPE".charAt(unit));
    }
}
