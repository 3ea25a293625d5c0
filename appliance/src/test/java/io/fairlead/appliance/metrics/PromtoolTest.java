package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says of our metrics, and of the alerts and the dashboard that are shipped. */
class PromtoolTest {

    private static final Path SHIPPED =
            Path.of("../packaging/src/root/usr/share/fairlead").toAbsolutePath();
    private static final Path RULES = SHIPPED.resolve("prometheus/fairlead.rules.yml");
    private static final Path DASHBOARD = SHIPPED.resolve("grafana/fairlead.json");
    private static final Path RULES_TEST = Path.of("src/test/resources/io/fairlead/appliance/metrics/rules-test.yml")
            .toAbsolutePath();

    private static final Pattern METRIC = Pattern.compile("\\b(fairlead|process)_[a-z_]+");

    @TempDir
    private Path directory;

    @Test
    void hasNothingToSayAboutNamesUnitsAndTexts() throws IOException, InterruptedException {
        assertThat(Promtool.run(directory, Scrapes.text(Scrapes.typical()), "check", "metrics"))
                .isEqualTo(new Promtool.Verdict(0, ""));
    }

    @Test
    void wouldHave() throws IOException, InterruptedException {
        String bad = "# HELP fairlead_wait_ms Wait.\n# TYPE fairlead_wait_ms counter\nfairlead_wait_ms 1\n";

        assertThat(Promtool.run(directory, bad, "check", "metrics").said())
                .contains("_total")
                .contains("fairlead_wait_ms");
    }

    /** Each alert is silent while all is well, silent at first, and fires when it should. */
    @Test
    void findsThatTheAlertsFireWhenTheyShould() throws IOException, InterruptedException {
        String test = Files.readString(RULES_TEST).replace("@RULES@", RULES.toString());
        Path file = Files.writeString(directory.resolve("test.yml"), test);

        Promtool.Verdict verdict = Promtool.run(directory, "", "test", "rules", file.toString());

        assertThat(verdict.exitCode()).as(verdict.said()).isZero();
        Matcher alert = Pattern.compile("alert: (\\w+)").matcher(Files.readString(RULES));
        while (alert.find()) {
            assertThat(test).contains("alertname=\"" + alert.group(1) + "\"");
        }
    }

    @Test
    void understandsEveryExpressionOfTheDashboard() throws IOException, InterruptedException {
        List<String> expressions = new ArrayList<>();
        collect(JsonParser.parseString(Files.readString(DASHBOARD)), expressions);
        StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        for (String expression : expressions) {
            String plain = expression.replace("$__rate_interval", "5m");
            rules.append("  - { record: 'x', expr: '").append(plain).append("', labels: { n: '");
            rules.append(rules.length()).append("' } }\n");
        }
        Path file = Files.writeString(directory.resolve("rules.yml"), rules);

        Promtool.Verdict verdict = Promtool.run(directory, "", "check", "rules", file.toString());

        assertThat(expressions).hasSizeGreaterThan(20);
        assertThat(verdict.exitCode()).as(verdict.said()).isZero();
    }

    private static void collect(JsonElement element, List<String> expressions) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> collect(each, expressions));
        } else if (element.isJsonObject()) {
            JsonObject object = element.getAsJsonObject();
            if (object.has("expr")) {
                expressions.add(object.get("expr").getAsString());
            }
            object.entrySet().forEach(entry -> collect(entry.getValue(), expressions));
        }
    }

    @Test
    void findsNoMetricInThemThatWeDoNotHave() throws IOException {
        Set<String> declared = MetricsText.GROUPS.stream()
                .flatMap(group -> group.metrics().stream())
                .map(Metric::name)
                .collect(Collectors.toSet());

        for (Path file : List.of(RULES, DASHBOARD, RULES_TEST)) {
            Set<String> unknown = new TreeSet<>();
            for (Matcher name = METRIC.matcher(Files.readString(file)); name.find(); ) {
                String part = name.group().replaceFirst("_(bucket|count|sum)$", "");
                if (!declared.contains(name.group()) && !declared.contains(part)) {
                    unknown.add(name.group());
                }
            }
            assertThat(unknown).as(file.toString()).isEmpty();
        }
    }
}
