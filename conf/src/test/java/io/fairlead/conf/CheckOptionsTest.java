package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.CheckTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option of a health check changes the check, and the document names the test that shows its effect. */
class CheckOptionsTest {

    private static final Path DOCUMENT = Path.of("../docs/internals/health-checks.md");
    private static final Pattern ROW = Pattern.compile("\\| (`[^|]+`) \\| (`[^|]+`) \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A value of each option, other than its default and than that in {@link #required}. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("interval", "7s"),
            Map.entry("timeout", "1s"),
            Map.entry("rise", "9"),
            Map.entry("fall", "9"),
            Map.entry("interval-down", "8s"),
            Map.entry("initial-state", "down"),
            Map.entry("flap-hold-down", "11s"),
            Map.entry("flap-hold-down-max", "77s"),
            Map.entry("flap-forget-after", "88s"),
            Map.entry("address", "\"198.51.100.111\""),
            Map.entry("port", "9000"),
            Map.entry("source-address", "\"192.0.2.2\""),
            Map.entry("source-interface", "eth1"),
            Map.entry("mark", "7"),
            Map.entry("through-virtual-server", "true"),
            Map.entry("connect-timeout", "500ms"),
            Map.entry("verify-tls", "false"),
            Map.entry("server-name", "other.example"),
            Map.entry("ca-file", "/other/ca.pem"),
            Map.entry("certificate-file", "/other/client.pem"),
            Map.entry("key-file", "/other/client.key"),
            Map.entry("method", "POST"),
            Map.entry("path", "/other"),
            Map.entry("host", "other.example"),
            Map.entry("headers", "[\"X-Probe: other\"]"),
            Map.entry("body", "other"),
            Map.entry("http-version", "2"),
            Map.entry("expect-status", "[\"204\"]"),
            Map.entry("expect-body", "other"),
            Map.entry("expect-digest", "d41d8cd98f00b204e9800998ecf8427e"),
            Map.entry("service", "other"),
            Map.entry("tls", "false"),
            Map.entry("payload", "other"),
            Map.entry("payload-hex", "70"),
            Map.entry("require-reply", "true"),
            Map.entry("expect-reply", "other"),
            Map.entry("expect-reply-hex", "7x"),
            Map.entry("transport", "tcp"),
            Map.entry("name", "other.example"),
            Map.entry("record-type", "AAAA"),
            Map.entry("expect-code", "NXDOMAIN"),
            Map.entry("expect-answer", "192.0.2.80"),
            Map.entry("security", "tls"),
            Map.entry("helo-name", "other.example"),
            Map.entry("command", "[\"/other\"]"),
            Map.entry("shell-command", "other"),
            Map.entry("user", "nobody"),
            Map.entry("group", "nogroup"),
            Map.entry("exit-code-sets-weight", "true"),
            Map.entry("file", "/other"),
            Map.entry("payload-size", "99"));

    @TempDir
    Path directory;

    /** What a check needs, so that each of its options has an effect. */
    private static Map<String, String> required(String type) {
        Map<String, String> required = new TreeMap<>();
        required.put("type", type);
        required.put("flap-hold-down", "10s");
        if (keys(type).contains("certificate-file")) {
            required.put("certificate-file", "/client.pem");
            required.put("key-file", "/client.key");
        }
        switch (type) {
            case "grpc" -> required.put("tls", "true");
            case "smtp" -> required.put("security", "starttls");
            case "script" -> required.put("command", "[\"/check\"]");
            case "file" -> required.put("file", "/state");
            default -> {}
        }
        return required;
    }

    private static Set<String> keys(String type) {
        return Objects.requireNonNull(HealthCheckReader.keysByType().get(type));
    }

    static Stream<Arguments> options() {
        return HealthCheckReader.keysByType().keySet().stream()
                .filter(type -> !type.equals("none"))
                .flatMap(type ->
                        keys(type).stream().filter(key -> !key.equals("type")).map(key -> Arguments.of(type, key)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("options")
    void changesTheCheck(String type, String key) throws IOException {
        Map<String, String> without = required(type);
        Map<String, String> with = new TreeMap<>(without);
        with.put(key, Objects.requireNonNull(OTHERS.get(key), key));
        if (key.equals("shell-command")) {
            with.remove("command"); // it is the one or the other
        }
        if (key.equals("tls")) {
            with.keySet().removeAll(Set.of("certificate-file", "key-file")); // which it would contradict
            without.keySet().removeAll(Set.of("certificate-file", "key-file"));
        }

        assertThat(targets(with)).isNotEqualTo(targets(without));
    }

    private Set<CheckTarget> targets(Map<String, String> check) throws IOException {
        String text = check.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue())
                .collect(Collectors.joining("\n"));
        Path file = Files.writeString(directory.resolve("fairlead.conf"), """
            fairlead.virtual-servers.web {
              address = "192.0.2.10", port = 80, forwarding = direct-route
              real-servers = [{ address = "198.51.100.1" }]
              health-check {
            %s
              }
            }
            """.formatted(text));
        return Outcomes.accepted(ConfigFile.load(file))
                .virtualServers()
                .getFirst()
                .targets();
    }

    /** The options, each with the tests that the document names for it. */
    private static Map<String, List<String>> documented() throws IOException {
        Map<String, List<String>> tests = new HashMap<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                for (String option : codes(row.group(1))) {
                    tests.computeIfAbsent(option, _ -> new ArrayList<>()).addAll(codes(row.group(2)));
                }
            }
        }
        return tests;
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
    }

    @Test
    void theDocumentNamesATestForEachAndNoOther() throws IOException {
        Set<String> options = new TreeSet<>(HealthCheckReader.KEYS.names());
        options.addAll(List.of("health-checks", "require-checks"));

        assertThat(documented().keySet()).containsExactlyInAnyOrderElementsOf(options);
    }

    @Test
    void theTestsThatTheDocumentNamesExist() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("conf", "health-checker", "appliance", "system-tests")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith("Test.java"))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.merge(name, Files.readString(file, StandardCharsets.UTF_8), String::concat);
                }
            }
        }

        documented()
                .forEach((option, tests) -> assertThat(tests).as(option).allSatisfy(test -> {
                    int dot = test.indexOf('.');
                    assertThat(sources.getOrDefault(test.substring(0, dot), ""))
                            .as(test)
                            .contains("void " + test.substring(dot + 1) + "(");
                }));
    }
}
