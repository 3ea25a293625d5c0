package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The reference page of metrics is made of their declarations. */
class MetricsDocumentTest {

    private static final Path PAGE = Path.of("../docs/reference/metrics.md");

    private static final String HEAD = """
        # Metrics

        Generated from the declarations in `appliance`; do not edit. Write it again with
        `mvn -pl appliance -am test -Dtest=MetricsDocumentTest -Dreference.write=true`.

        Served at `/metrics` where [`fairlead.metrics.listen`](configuration.md) says, in the text format of Prometheus or in
        OpenMetrics, packed with gzip for those who take it. How to watch with them:
        [monitoring](../operating/monitoring.md).

        Counters begin at zero when the appliance starts, those that the kernel counts when it made the virtual server or
        real server. `virtual_server` and `real_server` are the names of the configuration. Time series of a real server or a
        check are left out with `fairlead.metrics.per-real-server = false`. A name stays what it is within a major release;
        metrics and values of labels may be added.
        """;

    @Test
    void isTheSourceOfThePage() throws IOException {
        String page = page();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("write it again with: mvn -pl appliance -am test -Dtest=MetricsDocumentTest -Dreference.write=true")
                .hasContent(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (MetricGroup group : MetricsText.GROUPS) {
            page.append("\n## ").append(group.title()).append("\n\n");
            page.append("| Metric | Type | Labels | Tells |\n| --- | --- | --- | --- |\n");
            for (Metric metric : group.metrics()) {
                page.append("| `%s` | %s | %s | %s |%n"
                        .formatted(
                                metric.name(),
                                metric.type().name().toLowerCase(Locale.ROOT),
                                metric.labels().isEmpty() ? "" : "`" + String.join("`, `", metric.labels()) + "`",
                                metric.help()));
            }
        }
        return page.toString();
    }
}
