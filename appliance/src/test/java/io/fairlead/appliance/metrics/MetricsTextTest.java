package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.appliance.metrics.Scrape.KernelCounters;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTextTest {

    private static final String REMAINING = "fairlead_health_check_certificate_remaining_seconds";

    @Test
    void tellsWhatTheKernelCountsForEachVirtualServer() {
        assertThat(Scrapes.text(Scrapes.typical()).lines())
                .contains(
                        "# HELP fairlead_virtual_server_incoming_bytes_total Bytes from clients.",
                        "# TYPE fairlead_virtual_server_incoming_bytes_total counter",
                        "fairlead_virtual_server_incoming_bytes_total{virtual_server=\"shop\",} 5.0E9",
                        "fairlead_virtual_server_info{virtual_server=\"dns\",destination=\"UDP [2001:db8::53]:53\","
                                + "scheduler=\"wlc\",} 1.0",
                        "fairlead_virtual_server_real_servers{virtual_server=\"shop\",health=\"unhealthy\",} 1.0",
                        "fairlead_virtual_server_quorum_held{virtual_server=\"shop\",} 1.0");
    }

    @Test
    void tellsHowEachRealServerIs() {
        assertThat(Scrapes.text(Scrapes.typical()).lines())
                .contains(
                        "fairlead_real_server_healthy{virtual_server=\"shop\",real_server=\"shop-1\",} 1.0",
                        "fairlead_real_server_healthy{virtual_server=\"shop\",real_server=\"shop-2\",} 0.0",
                        "fairlead_real_server_weight{virtual_server=\"shop\",real_server=\"shop-1\",} 3.0",
                        "fairlead_real_server_configured_weight{virtual_server=\"shop\",real_server=\"shop-2\",} 2.0",
                        "fairlead_real_server_active_connections{virtual_server=\"shop\",real_server=\"shop-1\",} 12.0",
                        "fairlead_health_check_last_duration_seconds{virtual_server=\"shop\",real_server=\"shop-1\","
                                + "check=\"\",} 0.001")
                .as("what is not in the kernel's table has no weight there")
                .noneMatch(line -> line.startsWith("fairlead_real_server_weight") && line.contains("shop-2"));
    }

    @Test
    void tellsWhoIsMasterAndWhoIsHeard() {
        assertThat(Scrapes.text(Scrapes.typical()).lines())
                .contains(
                        "fairlead_virtual_router_role{virtual_router=\"blue\",role=\"master\",} 1.0",
                        "fairlead_virtual_router_role{virtual_router=\"blue\",role=\"backup\",} 0.0",
                        "fairlead_virtual_router_failed_tracks{virtual_router=\"blue\",} 1.0",
                        "fairlead_virtual_router_transitions_total{virtual_router=\"blue\",} 2.0",
                        "fairlead_peer_silence_seconds{peer=\"192.0.2.2\",} 0.0405",
                        "fairlead_peer_hellos_received_total{peer=\"192.0.2.3\",} 0.0",
                        "fairlead_peer_datagrams_refused_total{reason=\"replayed\",} 3.0",
                        "fairlead_peers_sharing 1.0",
                        "fairlead_disputed_real_servers 1.0")
                .as("who was never heard")
                .noneMatch(line -> line.startsWith("fairlead_peer_silence_seconds{peer=\"192.0.2.3\""));
    }

    @Test
    void tellsHowLongTheCertificateIsValidThatARealServerShowedBeforeItWentAway() {
        assertThat(Scrapes.text(Scrapes.typical()).lines())
                .anyMatch(line -> line.startsWith(REMAINING + "{virtual_server=\"shop\",real_server=\"shop-1\","))
                .anyMatch(line -> line.startsWith(REMAINING + "{virtual_server=\"shop\",real_server=\"shop-2\","))
                .noneMatch(line -> line.startsWith(REMAINING + "{virtual_server=\"dns\""));
    }

    @Test
    void addsUpTheStepsOfAHistogram() {
        assertThat(Scrapes.text(Scrapes.typical()).lines())
                .containsSubsequence(
                        "# TYPE fairlead_reconcile_duration_seconds histogram",
                        "fairlead_reconcile_duration_seconds_bucket{le=\"0.001\",} 1.0",
                        "fairlead_reconcile_duration_seconds_bucket{le=\"0.01\",} 2.0",
                        "fairlead_reconcile_duration_seconds_bucket{le=\"+Inf\",} 3.0",
                        "fairlead_reconcile_duration_seconds_count 3.0",
                        "fairlead_reconcile_duration_seconds_sum 0.0445");
    }

    @Test
    void leavesOutRealServersWhereThatIsAskedFor() {
        String text = Scrapes.text(Scrapes.of("""
            fairlead {
              metrics.per-real-server = false
              virtual-servers.web { address = "192.0.2.10", port = 80, real-servers = [{ address = "198.51.100.1" }] }
            }
            """));

        assertThat(text)
                .doesNotContain("real_server=\"")
                .contains("fairlead_virtual_server_real_servers{virtual_server=\"web\",health=\"healthy\",} 1.0");
    }

    @Test
    void leavesOutWhatTheKernelCountsWhereItCannotBeAsked() {
        Scrape scrape = Scrapes.typical();
        Scrape blind = new Scrape(
                scrape.version(),
                scrape.loop(),
                scrape.loopCounts(),
                KernelCounters.UNREAD,
                scrape.health(),
                scrape.certificateExpires(),
                scrape.checks(),
                scrape.targets(),
                scrape.addresses(),
                scrape.reloads(),
                scrape.events(),
                scrape.pauses(),
                scrape.highAvailability());

        assertThat(Scrapes.text(blind))
                .contains(
                        "fairlead_kernel_counters_read 0.0",
                        "fairlead_virtual_server_present{virtual_server=\"dns\",} 1.0")
                .doesNotContain(
                        "fairlead_virtual_server_connections_total{", "fairlead_real_server_active_connections");
    }

    @Test
    void speaksOpenMetricsToThoseWhoAskForIt() throws IOException {
        Content content = MetricsText.of(
                Scrapes.typical(), "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
        StringWriter out = new StringWriter();
        content.body().writeTo(out);

        assertThat(content.type()).startsWith("application/openmetrics-text");
        assertThat(out.toString()).endsWith("# EOF\n");
    }

    @Test
    void hasEachMetricThatIsDeclaredAndNoOther() {
        Set<String> declared = MetricsText.GROUPS.stream()
                .flatMap(group -> group.metrics().stream())
                .map(Metric::name)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> told = Scrapes.text(Scrapes.typical())
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.substring("# TYPE ".length(), line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(told).isEqualTo(declared);
    }

    @Test
    void refusesANameOrLabelsThatAreNotAsDeclared() {
        assertThatThrownBy(() -> new MetricGroup("x").counter("fairlead_things", "Things."))
                .hasMessage("metric name fairlead_things (expected: ending in _total)");
        assertThatThrownBy(() -> new MetricGroup("x").gauge("Things", "Things."))
                .hasMessageStartingWith("metric name Things (expected: ");
        Metric metric = new MetricGroup("x").gauge("fairlead_things", "Things.", "place");
        assertThatThrownBy(() -> new Samples(metric).add(1))
                .hasMessage("fairlead_things: 0 values of labels (expected: 1)");
    }

    @Test
    void needsTheMemoryOfOneMetricAtATime() throws IOException {
        Exposition exposition = new Exposition();
        MetricGroup group = new MetricGroup("x");
        StringWriter out = new StringWriter();
        exposition.add(group.gauge("fairlead_first", "First."), samples -> samples.add(1));
        exposition.add(group.gauge("fairlead_second", "Second."), samples -> {
            assertThat(out.toString()).contains("fairlead_first 1.0");
            samples.add(2);
        });

        exposition.writeTo(out, Exposition.contentType(""));

        assertThat(out.toString()).contains("fairlead_second 2.0");
    }
}
