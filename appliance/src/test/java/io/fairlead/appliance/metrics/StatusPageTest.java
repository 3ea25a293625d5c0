package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.Reports;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.appliance.event.Event;
import io.fairlead.appliance.event.EventKind;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class StatusPageTest {

    private static final Instant NOW = Instant.parse("2026-01-15T09:30:00.123Z");
    private static final String HOSTILE =
            "</td><script>alert('1')</script><img src=x onerror=\"alert(2)\"> &amp; \u0000\u202e";

    private static String html(StatusReport report, Event... events) throws IOException {
        StringWriter out = new StringWriter();
        StatusPage.of(report, HaReport.none(), List.of(events), NOW).body().writeTo(out);
        return out.toString();
    }

    /** A browser forgives everything; a parser of XML nothing. */
    private static Document parsed(String html) throws Exception {
        String withoutType = html.replaceFirst("<!DOCTYPE html>\n", "");
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(withoutType)));
    }

    private static List<String> texts(Document page, String element) {
        NodeList found = page.getElementsByTagName(element);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> element.equals("style")
                        ? found.item(i).getTextContent()
                        : found.item(i).getTextContent().strip())
                .toList();
    }

    private static RealServerLine realServer(String name, String health, String reason) {
        return new RealServerLine(
                name,
                "198.51.100.1:80",
                "nat",
                health,
                reason,
                null,
                1,
                1,
                0,
                0,
                0,
                MemberLine.PLAIN,
                "all",
                List.of(),
                false,
                List.of());
    }

    private static VirtualServerLine virtualServer(String name, String health) {
        return new VirtualServerLine(
                name,
                "TCP 192.0.2.10:80",
                "wlc",
                health.equals("healthy") ? 1 : 0,
                0,
                0,
                0,
                0,
                List.of(realServer(name + "-1", health, "status 503")),
                new StatusReport.PoolLine("held", null, false, List.of()));
    }

    private static StatusReport with(List<VirtualServerLine> virtualServers) {
        StatusReport report = Reports.status("edge-a");
        return new StatusReport(
                report.schemaVersion(),
                report.node(),
                report.version(),
                report.since(),
                report.kernel(),
                report.reconcile(),
                report.checks(),
                report.packetRules(),
                virtualServers,
                report.leaving(),
                report.addresses(),
                report.host(),
                report.roles(),
                report.guard());
    }

    @Test
    void showsWhatTheStatusSays() throws Exception {
        Event event = new Event(
                7, "2026-01-15T09:29:00.000Z", EventKind.HEALTH, "web/two", List.of("web"), "healthy", "connected");

        Document page = parsed(html(Reports.status("edge-a"), event));

        assertThat(texts(page, "title")).containsExactly("edge-a – Fairlead");
        assertThat(texts(page, "h2"))
                .containsExactly(
                        "What is tried again",
                        "web TCP 192.0.2.10:80 wlc",
                        "UDP 192.0.2.11:53 left the configuration",
                        "Virtual addresses",
                        "Latest events");
        assertThat(texts(page, "li"))
                .containsExactly(
                        "Kernel table: refused <&> \"x\" ä",
                        "Contested: contested",
                        "Virtual addresses: interface eth1 is not there");
        assertThat(texts(page, "td"))
                .containsSubsequence(
                        "two",
                        "[2001:db8::1]:80 tunnel",
                        "✓ healthy (peers disagree), draining until 2026-01-02T03:05:05Z since 2026-01-02T03:04:05Z",
                        "3/5",
                        "7",
                        "8",
                        "connected")
                .containsSubsequence("192.0.2.10/32", "eth0", "present", "public")
                .containsSubsequence("2026-01-15T09:29:00Z", "web/two", "healthy", "connected");
        assertThat(texts(page, "span")).contains("quorum lost", "sorry server answers", "9.2 EB in", "4 B out");
    }

    @Test
    void showsWhoIsMasterAndWhoIsHeard() throws Exception {
        StringWriter out = new StringWriter();
        StatusPage.of(Reports.status("edge-a"), Elections.master(), List.of(), NOW)
                .body()
                .writeTo(out);

        Document page = parsed(out.toString());

        assertThat(texts(page, "h2")).contains("Virtual routers cluster edge, this is 192.0.2.1");
        assertThat(texts(page, "td"))
                .containsSubsequence(
                        "blue",
                        "master",
                        "150",
                        "2026-01-02T03:04:05Z",
                        "master silent, fails: eth1, no peer is heard and another appliance answers for the addresses")
                .containsSubsequence("192.0.2.2", "backup", "100", "0.0 s ago")
                .containsSubsequence("192.0.2.3 (witness)", "unheard", "0", "never");
    }

    @Test
    void showsHostileTextsAsTexts() throws Exception {
        StatusReport report = with(List.of(new VirtualServerLine(
                HOSTILE,
                HOSTILE,
                HOSTILE,
                0,
                0,
                0,
                0,
                0,
                List.of(realServer(HOSTILE, HOSTILE, HOSTILE)),
                new StatusReport.PoolLine(HOSTILE, HOSTILE, true, List.of()))));
        Event event = new Event(1, "2026-01-15T09:29:00Z", EventKind.HEALTH, HOSTILE, List.of(), HOSTILE, HOSTILE);

        String html = html(report, event);
        Document page = parsed(html);

        assertThat(html).doesNotContain("<script", "<img", "onerror=\"", "\u0000", "\u202e");
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(texts(page, "td"))
                .contains(HOSTILE.replace('\u0000', '\uFFFD').replace('\u202e', '\uFFFD'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b", "\uffff", "\ufdd0", "\u001b[31m", "\r\n\t", "🙂"})
    void isWellFormedWhateverItShows(String text) throws Exception {
        Document page = parsed(html(with(List.of(virtualServer(text, "healthy")))));

        assertThat(texts(page, "h2")).anyMatch(title -> title.endsWith("TCP 192.0.2.10:80 wlc"));
    }

    @Test
    void saysWhyThereIsNoElection() throws Exception {
        StringWriter out = new StringWriter();
        StatusPage.of(Reports.status("edge-a"), HaReport.failing("no key"), List.of(), NOW)
                .body()
                .writeTo(out);
        Document page = parsed(out.toString());

        assertThat(texts(page, "li")).contains("Virtual routers: no key");
        assertThat(texts(page, "h2")).noneMatch(title -> title.contains("cluster"));
    }

    @Test
    void allowsNothingButItsOwnStyle() throws Exception {
        Content content = StatusPage.of(Reports.status("edge-a"), HaReport.none(), List.of(), NOW);
        String policy = content.headers().stream()
                .filter(header -> header.name().equals("Content-Security-Policy"))
                .map(Content.Header::value)
                .findFirst()
                .orElseThrow();

        Document page = parsed(html(Reports.status("edge-a")));

        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(texts(page, "style").getFirst().getBytes(StandardCharsets.UTF_8));
        assertThat(policy)
                .startsWith("default-src 'none'; style-src 'sha256-"
                        + Base64.getEncoder().encodeToString(digest) + "';");
        for (String outside : List.of("script", "link", "img", "a", "iframe", "form")) {
            assertThat(page.getElementsByTagName(outside).getLength())
                    .as(outside)
                    .isZero();
        }
    }

    @Test
    void showsWhatIsNotWholeFirstAndNoMoreThanAPersonReads() throws Exception {
        List<VirtualServerLine> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(virtualServer("vs-" + i, i == 250 ? "unhealthy" : "healthy"));
        }

        Document page = parsed(html(with(many)));

        assertThat(texts(page, "h2").get(1)).startsWith("vs-250 ");
        assertThat(texts(page, "p")).contains("And 100 more virtual servers: fairlead vs list shows all.");
        assertThat(texts(page, "dd")).startsWith("299 of 300 whole", "299 of 300 healthy");
    }
}
