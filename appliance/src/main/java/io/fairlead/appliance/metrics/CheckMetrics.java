package io.fairlead.appliance.metrics;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.policy.Health;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.netty.CheckCounters;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/** What the checks found and how they fare. */
final class CheckMetrics {

    static final MetricGroup GROUP = new MetricGroup("Health checks");

    private static final String[] LABELS = {"virtual_server", "real_server", "check"};

    private static final Metric TARGETS = GROUP.gauge(
            "fairlead_health_check_targets", "What is checked, each once however many virtual servers ask.");
    private static final Metric RESULTS = GROUP.counter(
            "fairlead_health_check_results_total",
            "Ended checks by their result: passed, or the reason of the failure. own-fault is this host's own and"
                    + " counts against no real server.",
            "result");
    private static final Metric DURATION = GROUP.histogram(
            "fairlead_health_check_duration_seconds", "How long checks took, by the type of the check.", "type");
    private static final Metric LATENESS =
            GROUP.histogram("fairlead_health_check_lateness_seconds", "How late checks began after their time.");
    private static final Metric SKIPPED = GROUP.counter(
            "fairlead_health_check_skipped_total", "Checks left out, as the one before them ended too late.");
    private static final Metric DELAYED =
            GROUP.counter("fairlead_health_check_delayed_total", "Checks that waited, as too many were open.");
    private static final Metric OPEN = GROUP.gauge("fairlead_health_check_open", "Checks under way.");
    private static final Metric HEALTHY = GROUP.gauge(
            "fairlead_health_check_healthy",
            "Whether one check of a real server finds it healthy: 1, or 0 while it is unhealthy or unknown.",
            LABELS);
    private static final Metric LAST_DURATION = GROUP.gauge(
            "fairlead_health_check_last_duration_seconds", "How long the last run of one check took.", LABELS);
    private static final Metric CERTIFICATE = GROUP.gauge(
            "fairlead_health_check_certificate_remaining_seconds",
            "How long the certificate is valid that one check was shown last, which it keeps while the real server is"
                    + " away.",
            LABELS);

    private CheckMetrics() {}

    static void addTo(Exposition exposition, Scrape scrape) {
        CheckCounters counters = scrape.checks();
        exposition.add(TARGETS, samples -> samples.add(scrape.targets()));
        exposition.add(RESULTS, samples -> {
            samples.add(counters.passed(), "passed");
            new TreeMap<>(counters.failedBy())
                    .forEach((reason, count) -> samples.add(
                            count, reason.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        });
        exposition.add(
                DURATION,
                samples -> new TreeMap<>(counters.durations()).forEach((type, counts) -> samples.add(counts, type)));
        exposition.add(LATENESS, samples -> samples.add(counters.lateness().counts()));
        exposition.add(SKIPPED, samples -> samples.add(counters.skipped()));
        exposition.add(DELAYED, samples -> samples.add(counters.delayed()));
        exposition.add(OPEN, samples -> samples.add(counters.open()));
        add(
                exposition,
                HEALTHY,
                scrape,
                (samples, target, labels) ->
                        samples.add(scrape.health().apply(target).health() == Health.HEALTHY, labels));
        add(
                exposition,
                LAST_DURATION,
                scrape,
                (samples, target, labels) -> scrape.health()
                        .apply(target)
                        .lastResult()
                        .ifPresent(result -> samples.add(result.elapsed(), labels)));
        add(
                exposition,
                CERTIFICATE,
                scrape,
                (samples, target, labels) -> scrape.certificateExpires()
                        .apply(target)
                        .ifPresent(expires -> samples.add(Duration.between(Instant.now(), expires), labels)));
    }

    private interface Filler {
        void fill(Samples samples, CheckTarget target, String... labels);
    }

    private static void add(Exposition exposition, Metric metric, Scrape scrape, Filler filler) {
        if (!scrape.isPerRealServer()) {
            return;
        }
        exposition.add(metric, samples -> {
            for (ConfiguredVirtualServer configured : scrape.virtualServers()) {
                for (int i = 0; i < configured.checks().size(); i++) {
                    String realServer = configured.spec().realServers().get(i).name();
                    for (NamedCheck check : configured.checks().get(i).checks()) {
                        filler.fill(samples, check.target(), configured.spec().name(), realServer, check.name());
                    }
                }
            }
        });
    }
}
