package io.fairlead.appliance.metrics;

import static io.fairlead.appliance.metrics.StatusPage.cell;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import java.io.IOException;
import java.util.Locale;

/** The part of the status page about virtual routers and peers; nothing where there are none. */
final class ElectionSection {

    private ElectionSection() {}

    static void write(HtmlWriter html, HaReport report) throws IOException {
        if (report.routers().isEmpty()) {
            return;
        }
        html.open("section").open("h2").text("Virtual routers ");
        html.element("small", "cluster " + report.cluster() + ", this is " + report.self())
                .close();
        if (report.maintenance()) {
            html.open("p", "class", "facts")
                    .element("span", "in maintenance", "class", "odd")
                    .close();
        }
        routers(html, report);
        peers(html, report);
        html.close();
    }

    private static void routers(HtmlWriter html, HaReport report) throws IOException {
        StatusPage.table(html, "Router", "Role", "Priority", "Since", "Cause", "Addresses");
        for (RouterLine line : report.routers()) {
            html.open("tr");
            cell(html, "Router", line.name());
            cell(html, "Role", line.role(), roleClass(line.role()));
            cell(html, "Priority", Integer.toString(line.priority()), "number");
            cell(html, "Since", StatusPage.seconds(line.since()), "time");
            cell(html, "Cause", cause(line));
            cell(html, "Addresses", String.join(" ", line.addresses()));
            html.close();
        }
        html.close().close();
    }

    private static String cause(RouterLine line) {
        String fails = line.failed().isEmpty() ? "" : ", fails: " + String.join(", ", line.failed());
        String link = line.linkSays().isEmpty() ? "" : ", no peer is heard and " + line.linkSays();
        return line.cause() + fails + link;
    }

    private static String roleClass(String role) {
        return switch (role) {
            case "master", "backup" -> "good";
            case "fault" -> "bad";
            default -> "odd";
        };
    }

    private static void peers(HtmlWriter html, HaReport report) throws IOException {
        StatusPage.table(html, "Router", "Peer", "Role", "Priority", "Heard");
        for (RouterLine router : report.routers()) {
            for (PeerLine peer : router.peers()) {
                boolean isSilent = peer.role().equals("silent") || peer.role().equals("unheard");
                html.open("tr");
                cell(html, "Router", router.name());
                cell(html, "Peer", peer.address() + (peer.witness() ? " (witness)" : ""));
                cell(html, "Role", peer.role(), isSilent ? "bad" : roleClass(peer.role()));
                cell(html, "Priority", Integer.toString(peer.priority()), "number");
                cell(
                        html,
                        "Heard",
                        peer.heardMillis() < 0
                                ? "never"
                                : String.format(Locale.ROOT, "%.1f s ago", peer.heardMillis() / 1000));
                html.close();
            }
        }
        html.close().close();
    }
}
