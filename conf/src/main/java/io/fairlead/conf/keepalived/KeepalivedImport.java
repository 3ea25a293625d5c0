package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A keepalived configuration as one of Fairlead.
 *
 * @param hocon what Fairlead does the same with; valid but for values that only the kernel or a probe can judge
 * @param remarks every keyword that could not be carried over, and where something differs, in the order of the file
 */
public record KeepalivedImport(String hocon, List<Remark> remarks) {

    private static final String NODE_NAME = "node-name";

    public KeepalivedImport {
        remarks = List.copyOf(remarks);
    }

    /**
     * Translates a file with all that it includes.
     *
     * @throws ImportException if the file cannot be read, or comes to more than any real configuration
     */
    public static KeepalivedImport read(Path file, ImportHost host) throws ImportException {
        Remarks remarks = new Remarks();
        List<Statement> statements = StatementParser.parse(
                new LineExpander(host.configId(), host.environment(), remarks).expand(file), remarks);
        Map<String, Object> fairlead = new LinkedHashMap<>();
        VrrpGlobals vrrpGlobals = new VrrpGlobals(remarks);
        statements.stream()
                .filter(statement -> statement.keyword().equals("global_defs"))
                .forEach(globals -> globals(globals, vrrpGlobals, fairlead, remarks));

        VirtualServerGroups groups = new VirtualServerGroups(remarks);
        Trackers trackers = new Trackers(remarks);
        Map<String, String> trackFiles = new HashMap<>();
        Set<Statement> definitions = new HashSet<>();
        for (Statement statement : statements) { // they may stand behind what refers to them
            if (statement.keyword().equals("virtual_server_group")) {
                groups.add(statement);
                definitions.add(statement);
            } else if (trackers.define(statement, vrrpGlobals.scriptUser())) {
                trackFile(statement, trackFiles);
                definitions.add(statement);
            }
        }
        VirtualServerTranslator virtualServers =
                new VirtualServerTranslator(groups, new CheckTranslator(trackFiles, remarks), remarks);
        StaticAddresses staticAddresses = new StaticAddresses(vrrpGlobals, remarks);
        List<VrrpInstance> instances = new ArrayList<>();
        List<VrrpSyncGroup> syncGroups = new ArrayList<>();
        for (Statement statement : statements) {
            switch (statement.keyword()) {
                case "virtual_server" -> virtualServers.translate(statement);
                case "global_defs" -> {}
                case "vrrp_instance" -> instances.add(VrrpInstance.read(statement, vrrpGlobals, trackers, remarks));
                case "vrrp_sync_group" -> syncGroups.add(VrrpSyncGroup.read(statement, trackers, remarks));
                case "static_ipaddress" -> staticAddresses.add(statement);
                default -> {
                    if (!definitions.contains(statement)) {
                        Uncarried.remark(statement, remarks);
                    }
                }
            }
        }
        put(fairlead, "virtual-servers", virtualServers.translated());
        put(fairlead, "virtual-addresses", staticAddresses.translate());
        Map<String, Object> failover =
                new FailoverTranslator(vrrpGlobals, host, remarks).translate(instances, syncGroups);
        put(fairlead, "high-availability", failover);
        if (!failover.isEmpty() && fairlead.containsKey(NODE_NAME)) {
            remarkOnNodeName(statements, remarks);
        }
        return new KeepalivedImport(
                HoconText.of(Map.of("fairlead", new HoconText.Commented("From " + file, fairlead))), remarks.all());
    }

    private static void put(Map<String, Object> fairlead, String key, Map<String, Object> block) {
        if (!block.isEmpty()) {
            fairlead.put(key, block);
        }
    }

    /** Remembers where the file of a {@code track_file} is, for checks of type file. */
    private static void trackFile(Statement statement, Map<String, String> trackFiles) {
        if (statement.keyword().endsWith("track_file")) {
            statement.body().stream()
                    .filter(inner -> inner.keyword().equals("file"))
                    .findFirst()
                    .flatMap(inner -> inner.argument(0))
                    .ifPresent(path -> statement.argument(0).ifPresent(name -> trackFiles.put(name, path)));
        }
    }

    private static void globals(
            Statement globals, VrrpGlobals vrrpGlobals, Map<String, Object> fairlead, Remarks remarks) {
        for (Statement statement : globals.body()) {
            switch (statement.keyword()) {
                case "lvs_timeouts" -> timeouts(statement, fairlead, remarks);
                case "router_id" -> nodeName(statement, fairlead, remarks);
                default -> {
                    if (!vrrpGlobals.take(statement)) {
                        Uncarried.remark(statement, remarks);
                    }
                }
            }
        }
    }

    private static void nodeName(Statement statement, Map<String, Object> fairlead, Remarks remarks) {
        String name = statement.argument(0).orElse("");
        if (name.matches("[A-Za-z0-9][A-Za-z0-9._:\\[\\]-]{0,63}")) {
            fairlead.put(NODE_NAME, name);
        } else {
            remarks.add(statement, "not carried over: no name that Fairlead takes");
        }
    }

    /** keepalived does not mind peers with the same {@code router_id}, and many have it. */
    private static void remarkOnNodeName(List<Statement> statements, Remarks remarks) {
        statements.stream()
                .filter(statement -> statement.keyword().equals("global_defs"))
                .flatMap(globals -> globals.body().stream())
                .filter(statement -> statement.keyword().equals("router_id"))
                .reduce((_, last) -> last)
                .ifPresent(last -> remarks.add(
                        last, "became node-name, which has to differ between peers; left out, it is the host's name"));
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
