package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A keepalived configuration as one of Fairlead.
 *
 * @param hocon what Fairlead does the same with; valid but for values that only the kernel or a probe can judge
 * @param remarks every keyword that could not be carried over, and where something differs
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
        TrackTranslator trackers = new TrackTranslator(remarks);
        FailoverTranslator failover = new FailoverTranslator(trackers, remarks);
        Map<String, Object> fairlead = new LinkedHashMap<>();
        Set<Statement> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Statement statement : statements) { // what others refer to, wherever it stands
            if (statement.keyword().equals("global_defs")) {
                globals(statement, fairlead, failover, remarks);
                taken.add(statement);
            } else if (trackers.define(statement)) {
                taken.add(statement);
            }
        }
        for (Statement statement : statements) {
            if (statement.keyword().equals("vrrp_instance")) {
                failover.instance(statement);
                taken.add(statement);
            }
        }
        for (Statement statement : statements) {
            switch (statement.keyword()) {
                case "virtual_server" -> virtualServers.translate(statement);
                case "virtual_server_group" -> {}
                case "vrrp_sync_group" -> failover.group(statement);
                default -> {
                    if (!taken.contains(statement)) {
                        Uncarried.remark(statement, remarks);
                    }
                }
            }
        }
        failover.translated(new SourceLine(file.toString(), 0, ""))
                .ifPresent(section -> fairlead.put("high-availability", section));
        if (!virtualServers.translated().isEmpty()) {
            fairlead.put("virtual-servers", virtualServers.translated());
        }
        return new KeepalivedImport(
                HoconText.of(Map.of("fairlead", new HoconText.Commented("From " + file, fairlead))), remarks.all());
    }

    private static void globals(
            Statement globals, Map<String, Object> fairlead, FailoverTranslator failover, Remarks remarks) {
        for (Statement statement : globals.body()) {
            if (statement.keyword().equals("lvs_timeouts")) {
                timeouts(statement, fairlead, remarks);
            } else if (!failover.global(statement)) {
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
