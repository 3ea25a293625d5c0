package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A keepalived configuration as one of Fairlead.
 *
 * @param hocon what Fairlead does the same with; valid but for values that only the kernel or a probe can judge
 * @param remarks every keyword that could not be carried over, and where something differs, in the order of the file
 */
public record KeepalivedImport(String hocon, List<Remark> remarks) {

    public KeepalivedImport {
        remarks = List.copyOf(remarks);
    }

    /**
     * Translates a file with all that it includes.
     *
     * @param configId what conditional lines are compared with: keepalived takes the host's name up to the first dot
     * @param environment of a variable's name its value, empty if there is none
     * @throws ImportException if the file cannot be read, or comes to more than any real configuration
     */
    public static KeepalivedImport read(Path file, String configId, UnaryOperator<String> environment)
            throws ImportException {
        Remarks remarks = new Remarks();
        List<Statement> statements =
                StatementParser.parse(new LineExpander(configId, environment, remarks).expand(file), remarks);

        VirtualServerGroups groups = new VirtualServerGroups(remarks);
        Map<String, String> trackFiles = new HashMap<>();
        for (Statement statement : statements) { // they may stand behind what refers to them
            switch (statement.keyword()) {
                case "virtual_server_group" -> groups.add(statement);
                case "track_file", "vrrp_track_file" ->
                    statement.body().stream()
                            .filter(inner -> inner.keyword().equals("file"))
                            .findFirst()
                            .flatMap(inner -> inner.argument(0))
                            .ifPresent(path -> statement.argument(0).ifPresent(name -> trackFiles.put(name, path)));
                default -> {}
            }
        }
        VirtualServerTranslator virtualServers =
                new VirtualServerTranslator(groups, new CheckTranslator(trackFiles, remarks), remarks);
        Map<String, Object> fairlead = new LinkedHashMap<>();
        for (Statement statement : statements) {
            switch (statement.keyword()) {
                case "virtual_server" -> virtualServers.translate(statement);
                case "virtual_server_group" -> {}
                case "global_defs" -> globals(statement, fairlead, remarks);
                default -> Uncarried.remark(statement, remarks);
            }
        }
        if (!virtualServers.translated().isEmpty()) {
            fairlead.put("virtual-servers", virtualServers.translated());
        }
        return new KeepalivedImport(
                HoconText.of(Map.of("fairlead", new HoconText.Commented("From " + file, fairlead))), remarks.all());
    }

    private static void globals(Statement globals, Map<String, Object> fairlead, Remarks remarks) {
        for (Statement statement : globals.body()) {
            if (statement.keyword().equals("lvs_timeouts")) {
                timeouts(statement, fairlead, remarks);
            } else {
                Uncarried.remark(statement, remarks);
            }
        }
    }

    /** {@code [tcp S] [tcpfin S] [udp S]}. */
    private static void timeouts(Statement statement, Map<String, Object> fairlead, Remarks remarks) {
        Map<String, Object> timeouts = new LinkedHashMap<>();
        List<String> words = statement.arguments();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            String key = switch (words.get(i).toLowerCase(Locale.ROOT)) {
                case "tcp" -> "tcp";
                case "tcpfin" -> "tcp-fin";
                case "udp" -> "udp";
                default -> "";
            };
            int seconds = Numbers.parse(words.get(i + 1)).orElse(0);
            if (key.isEmpty() || seconds < 1) {
                remarks.add(
                        statement,
                        "\"" + words.get(i) + " " + words.get(i + 1) + "\" (expected: tcp, tcpfin or udp and seconds)");
            } else {
                timeouts.put(key, new Plain(seconds + "s"));
            }
        }
        if (!timeouts.isEmpty()) {
            fairlead.put("ipvs-timeouts", timeouts);
        }
    }
}
