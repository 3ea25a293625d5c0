package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Commented;
import io.fairlead.conf.keepalived.HoconText.Plain;
import io.fairlead.conf.keepalived.VirtualServerGroups.AddressAndPort;
import io.fairlead.conf.keepalived.VirtualServerGroups.FirewallMark;
import io.fairlead.conf.keepalived.VirtualServerGroups.VirtualAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Translates virtual servers, and writes out what keepalived does where its file says nothing and Fairlead would do something
 * else: UDP without {@code protocol}, real servers up before their first check, no {@code rise}, no draining.
 */
final class VirtualServerTranslator {

    private static final Duration PERSISTENCE = Duration.ofMinutes(6);
    private static final int WEIGHT_MAX = 65535; // of the kernel's schedulers
    private static final Set<String> SCHEDULERS =
            Set.of("rr", "wrr", "lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "twos");

    private final VirtualServerGroups groups;
    private final CheckTranslator checks;
    private final Arguments arguments;
    private final Remarks remarks;
    private final Map<String, Object> translated = new LinkedHashMap<>();
    private final Set<VirtualAddressAndProtocol> taken = new HashSet<>();

    private record VirtualAddressAndProtocol(VirtualAddress address, String protocol) {}

    VirtualServerTranslator(VirtualServerGroups groups, CheckTranslator checks, Remarks remarks) {
        this.groups = groups;
        this.checks = checks;
        this.remarks = remarks;
        this.arguments = new Arguments(remarks);
    }

    /** Returns the virtual servers by name. */
    Map<String, Object> translated() {
        return translated;
    }

    /** What the keywords of a block say, gathered before its real servers are looked at. */
    private static final class Draft {
        private String protocol = "udp";
        private boolean hasProtocol;
        private String scheduler = "wlc";
        private final Set<String> flags = new TreeSet<>();
        private IpFamily family = IpFamily.IPV4;
        private boolean onePacket;
        private Forwarding forwarding = Forwarding.NAT;
        private Optional<Forwarding> sorryForwarding = Optional.empty();
        private @Nullable Duration persistence;
        private @Nullable Integer granularity;
        private @Nullable String engine;
        private boolean inhibit;
        private boolean sorryInhibit;
        private long quorum = 1;
        private long hysteresis;
        private long weight = 1;
        private CheckDefaults defaults = CheckDefaults.NONE;
        private @Nullable Statement sorryServer;
        private final List<Statement> realServers = new ArrayList<>();
    }

    void translate(Statement virtualServer) {
        List<VirtualAddress> addresses = addresses(virtualServer);
        if (addresses.isEmpty()) {
            return;
        }
        Draft draft = new Draft();
        for (Statement statement : virtualServer.body()) {
            take(statement, draft);
        }
        boolean isMark = addresses.getFirst() instanceof FirewallMark;
        if (!draft.hasProtocol && !isMark) {
            remarks.add(virtualServer, "no protocol: keepalived takes UDP, and so it is written");
        }
        if (draft.onePacket && !isMark && !draft.protocol.equals("udp")) {
            remarks.add(virtualServer, "ops is of no effect but with UDP and fwmark");
            draft.onePacket = false;
        }
        if (draft.granularity != null && draft.persistence == null) {
            draft.persistence = PERSISTENCE;
        }
        boolean isGroup = virtualServer.argument(0).equals(Optional.of("group"));
        String groupName = virtualServer.argument(1).orElse("group");
        for (int i = 0; i < addresses.size(); i++) {
            OptionalInt number = isGroup && addresses.size() > 1 ? OptionalInt.of(i + 1) : OptionalInt.empty();
            write(virtualServer, addresses.get(i), draft, isGroup ? groupName : "", number);
        }
    }

    private List<VirtualAddress> addresses(Statement virtualServer) {
        List<String> words = virtualServer.arguments();
        Optional<List<VirtualAddress>> addresses = switch (words.isEmpty() ? "" : words.getFirst()) {
            case "group" -> virtualServer.argument(1).flatMap(groups::find);
            case "fwmark" ->
                VirtualServerGroups.fwmark(words.subList(1, words.size())).map(List::of);
            case "" -> Optional.empty();
            default ->
                Arguments.address(words.getFirst())
                        .flatMap(address -> VirtualServerGroups.port(virtualServer.argument(1))
                                .map(port -> List.of(new AddressAndPort(address, port))));
        };
        if (addresses.isEmpty()) {
            remarks.add(
                    virtualServer,
                    "\"" + String.join(" ", words)
                            + "\" (expected: an address and a port, fwmark and a number, or group"
                            + " and the name of a group); left out");
        }
        return addresses.orElse(List.of());
    }

    private void take(Statement statement, Draft draft) {
        switch (statement.keyword()) {
            case "lvs_sched", "lb_algo" ->
                arguments.text(statement).ifPresent(scheduler -> {
                    if (SCHEDULERS.contains(scheduler)) {
                        draft.scheduler = scheduler;
                    } else {
                        remarks.add(statement, "\"" + scheduler + "\" (expected: a scheduler of the kernel)");
                    }
                });
            case "sh-port", "sh-fallback", "mh-port", "mh-fallback" -> {
                if (statement.keyword().startsWith(draft.scheduler + "-")) {
                    draft.flags.add(statement.keyword());
                } else {
                    remarks.add(statement, "of no effect without its scheduler before it");
                }
            }
            case "flag-1" -> flag(statement, draft, "-fallback");
            case "flag-2" -> flag(statement, draft, "-port");
            case "ops" -> draft.onePacket = true;
            case "lvs_method", "lb_kind" ->
                Forwarding.parse(statement, remarks).ifPresent(forwarding -> draft.forwarding = forwarding);
            case "sorry_server_lvs_method" -> draft.sorryForwarding = Forwarding.parse(statement, remarks);
            case "persistence_timeout" ->
                draft.persistence = statement.arguments().isEmpty()
                        ? PERSISTENCE
                        : arguments.timer(statement).orElse(PERSISTENCE);
            case "persistence_granularity" -> granularity(statement).ifPresent(length -> draft.granularity = length);
            case "persistence_engine" -> arguments.text(statement).ifPresent(engine -> draft.engine = engine);
            case "protocol" ->
                arguments.text(statement).ifPresent(protocol -> {
                    draft.hasProtocol = true;
                    draft.protocol = protocol.toLowerCase(Locale.ROOT);
                });
            case "ip_family" ->
                draft.family = statement.argument(0).equals(Optional.of("inet6")) ? IpFamily.IPV6 : IpFamily.IPV4;
            case "quorum" ->
                arguments.number(statement, 1, Integer.MAX_VALUE).ifPresent(weight -> draft.quorum = weight);
            case "hysteresis" ->
                arguments.number(statement, 0, Integer.MAX_VALUE).ifPresent(weight -> draft.hysteresis = weight);
            case "weight" ->
                arguments.number(statement, 1, Integer.MAX_VALUE).ifPresent(weight -> draft.weight = weight);
            case "inhibit_on_failure" -> draft.inhibit = arguments.choice(statement);
            case "sorry_server" -> draft.sorryServer = statement;
            case "sorry_server_inhibit" -> draft.sorryInhibit = arguments.choice(statement);
            case "real_server" -> draft.realServers.add(statement);
            default ->
                draft.defaults
                        .with(statement, arguments)
                        .ifPresentOrElse(
                                defaults -> draft.defaults = defaults, () -> Uncarried.remark(statement, remarks));
        }
    }

    /** The unnamed flags mean what the scheduler makes of them. */
    private void flag(Statement statement, Draft draft, String suffix) {
        if (draft.scheduler.equals("sh") || draft.scheduler.equals("mh")) {
            draft.flags.add(draft.scheduler + suffix);
        } else {
            remarks.add(statement, "of no effect with scheduler " + draft.scheduler);
        }
    }

    /** A netmask, or the length of a prefix. */
    private Optional<Integer> granularity(Statement statement) {
        Optional<String> text = arguments.text(statement);
        Optional<Integer> length = text.flatMap(Numbers::parse).filter(bits -> bits >= 1 && bits <= 128);
        if (length.isEmpty()) {
            length = text.flatMap(Arguments::address)
                    .filter(mask -> mask.family() == IpFamily.IPV4)
                    .map(mask -> (int) mask.low())
                    .filter(bits -> bits != 0 && Integer.bitCount(bits) == Integer.numberOfLeadingZeros(~bits))
                    .map(Integer::bitCount);
        }
        if (length.isEmpty() && text.isPresent()) {
            remarks.add(statement, "\"" + text.get() + "\" (expected: a netmask or the length of a prefix)");
        }
        return length;
    }

    private void write(
            Statement virtualServer, VirtualAddress address, Draft draft, String groupName, OptionalInt number) {
        Map<String, Object> block = new LinkedHashMap<>();
        String name;
        int port;
        IpFamily family;
        boolean isMark = false;
        switch (address) {
            case AddressAndPort(var virtual, var virtualPort) -> {
                port = virtualPort;
                family = virtual.family();
                String server = (family == IpFamily.IPV6 ? "[" + virtual + "]" : virtual.toString()) + ":" + port;
                name = draft.protocol + "-" + server;
                if (port == 0) {
                    remarks.add(
                            virtualServer,
                            server + ": left out: a virtual server for every port cannot be written"
                                    + " (give it ports or a firewall mark)");
                    return;
                }
                block.put("address", virtual.toString());
                block.put("port", port);
                block.put("protocol", new Plain(draft.protocol));
            }
            case FirewallMark(var mark, var markFamily) -> {
                port = 0;
                family = draft.family == IpFamily.IPV6 ? IpFamily.IPV6 : markFamily;
                name = "fwmark-" + mark + (family == IpFamily.IPV6 ? "-ipv6" : "");
                block.put("fwmark", mark);
                block.put("family", new Plain(family == IpFamily.IPV6 ? "ipv6" : "ipv4"));
                isMark = true;
            }
        }
        if (!taken.add(new VirtualAddressAndProtocol(address, isMark ? "" : draft.protocol))) {
            remarks.add(virtualServer, name + " is there already; left out");
            return;
        }
        if (!groupName.isEmpty() && isGoodName(groupName)) {
            name = groupName + (number.isPresent() ? "-" + number.getAsInt() : "");
        }
        while (translated.containsKey(name)) {
            name += "-" + draft.protocol;
        }
        block.put("scheduler", new Plain(draft.scheduler));
        if (!draft.flags.isEmpty()) {
            block.put("scheduler-flags", List.copyOf(draft.flags));
        }
        draft.forwarding.put(block, Forwarding.NAT);
        if (draft.onePacket) {
            block.put("one-packet-scheduling", true);
        }
        persistence(draft, family, block);
        block.put("inhibit-on-failure", draft.inhibit);
        List<Map<String, Object>> realServers = realServers(draft, port, family, isMark);
        if (realServers.isEmpty()) {
            remarks.add(virtualServer, name + " has no real servers: left out, as keepalived does");
            return;
        }
        quorum(draft, realServers, block);
        if (draft.sorryServer != null) {
            sorryServer(draft.sorryServer, draft, port, block);
        }
        block.put("drain-timeout", new Plain("0s"));
        block.put("real-servers", realServers);
        translated.put(
                name,
                new Commented(
                        virtualServer.at().file() + ":" + virtualServer.at().number(), block));
    }

    private static boolean isGoodName(String name) {
        return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,50}");
    }

    private static void persistence(Draft draft, IpFamily family, Map<String, Object> block) {
        if (draft.persistence == null) {
            return;
        }
        Map<String, Object> persistence = new LinkedHashMap<>();
        persistence.put("timeout", Arguments.duration(Duration.ofSeconds(Math.max(1, draft.persistence.toSeconds()))));
        if (draft.granularity != null) {
            persistence.put("netmask", Math.min(draft.granularity, family == IpFamily.IPV4 ? 32 : 128));
        }
        if (draft.engine != null) {
            persistence.put("engine", new Plain(draft.engine));
        }
        block.put("persistence", persistence);
    }

    /** More than all weights together counts as these there; and what could never be gained or lost is not asked for. */
    private static void quorum(Draft draft, List<Map<String, Object>> realServers, Map<String, Object> block) {
        long sum = 0;
        for (Map<String, Object> realServer : realServers) {
            sum += realServer.get("weight") instanceof Number weight ? weight.longValue() : 0;
        }
        long quorum = Math.max(1, Math.min(draft.quorum, sum));
        block.put("quorum", quorum);
        block.put("hysteresis", Math.max(0, Math.min(draft.hysteresis, Math.min(quorum - 1, sum - quorum))));
    }

    private void sorryServer(Statement statement, Draft draft, int virtualPort, Map<String, Object> block) {
        Optional<IpAddress> address = arguments.address(statement);
        Optional<Integer> port = VirtualServerGroups.port(statement.argument(1));
        if (address.isEmpty() || port.isEmpty()) {
            return;
        }
        Forwarding forwarding = draft.sorryForwarding.orElse(draft.forwarding);
        Map<String, Object> sorryServer = new LinkedHashMap<>();
        sorryServer.put("address", address.get().toString());
        int taken = port.get() == 0 || forwarding.keepsPort() ? virtualPort : port.get();
        if (taken != 0) {
            sorryServer.put("port", taken);
        }
        forwarding.put(sorryServer, draft.forwarding);
        sorryServer.put("inhibit", draft.sorryInhibit);
        block.put("sorry-server", sorryServer);
        remarks.add(
                statement, "while the quorum is lost, live real servers stay with weight 0, so that connections go on");
    }

    private List<Map<String, Object>> realServers(Draft draft, int virtualPort, IpFamily family, boolean isMark) {
        List<Map<String, Object>> realServers = new ArrayList<>();
        Set<List<Object>> known = new LinkedHashSet<>();
        for (Statement statement : draft.realServers) {
            Optional<IpAddress> address = arguments.address(statement);
            Optional<Integer> port = VirtualServerGroups.port(statement.argument(1));
            if (address.isEmpty() || port.isEmpty()) {
                remarks.add(statement, "left out");
                continue;
            }
            RealServerDraft realServer = new RealServerDraft(draft);
            statement.body().forEach(realServer::take);
            int taken = port.get() == 0 ? virtualPort : port.get();
            if (realServer.forwarding.keepsPort() && !isMark && taken != virtualPort) {
                remarks.add(
                        statement,
                        "port " + taken + " becomes " + virtualPort + ": direct routing and tunnels keep it");
                taken = virtualPort;
            }
            if (address.get().family() != family && !realServer.forwarding.isTunnel()) {
                remarks.add(statement, "left out: of another family than its virtual server, without a tunnel");
                continue;
            }
            if (!known.add(List.of(address.get(), taken))) {
                remarks.add(statement, "is there already; left out");
                continue;
            }
            realServers.add(realServer.block(address.get(), taken, isMark));
        }
        return realServers;
    }

    /** What the keywords of a real server say. */
    private final class RealServerDraft {

        private final Draft virtualServer;
        private Forwarding forwarding;
        private long weight;
        private long upper;
        private long lower;
        private @Nullable Boolean inhibit;
        private CheckDefaults defaults;
        private final List<Statement> checkers = new ArrayList<>();

        private RealServerDraft(Draft virtualServer) {
            this.virtualServer = virtualServer;
            this.forwarding = virtualServer.forwarding;
            this.weight = virtualServer.weight;
            this.defaults = virtualServer.defaults;
        }

        private void take(Statement statement) {
            switch (statement.keyword()) {
                case "weight" ->
                    arguments.number(statement, 0, Integer.MAX_VALUE).ifPresent(given -> {
                        weight = Math.min(given, WEIGHT_MAX);
                        if (given > WEIGHT_MAX) {
                            remarks.add(statement, given + " becomes " + WEIGHT_MAX);
                        }
                    });
                case "lvs_method", "lb_kind" ->
                    Forwarding.parse(statement, remarks).ifPresent(given -> forwarding = given);
                case "uthreshold" ->
                    arguments.number(statement, 0, 0xffff_ffffL).ifPresent(connections -> upper = connections);
                case "lthreshold" ->
                    arguments.number(statement, 0, 0xffff_ffffL).ifPresent(connections -> lower = connections);
                case "inhibit_on_failure" -> inhibit = arguments.choice(statement);
                default -> {
                    if (CheckTranslator.isChecker(statement.keyword())) {
                        checkers.add(statement);
                    } else {
                        defaults.with(statement, arguments)
                                .ifPresentOrElse(given -> defaults = given, () -> Uncarried.remark(statement, remarks));
                    }
                }
            }
        }

        private Map<String, Object> block(IpAddress address, int port, boolean isMark) {
            Map<String, Object> block = new LinkedHashMap<>();
            block.put("address", address.toString());
            boolean keepsAnyPort = isMark && forwarding.keepsPort();
            if (port != 0 && !keepsAnyPort) {
                block.put("port", port);
            }
            block.put("weight", weight);
            if (upper != 0) {
                block.put("upper-threshold", upper);
            }
            if (lower != 0) {
                block.put("lower-threshold", lower);
            }
            if (!forwarding.equals(virtualServer.forwarding)) {
                forwarding.put(block, virtualServer.forwarding);
            }
            if (inhibit != null && inhibit != virtualServer.inhibit) {
                block.put("inhibit-on-failure", inhibit);
            }
            List<Map<String, Object>> translatedChecks = new ArrayList<>();
            checkers.forEach(checker -> translatedChecks.addAll(checks.translate(checker, defaults)));
            if (keepsAnyPort && port != 0) {
                translatedChecks.forEach(check -> check.putIfAbsent("port", port));
            }
            switch (translatedChecks.size()) {
                case 0 -> block.put("health-check", Map.of("type", new Plain("none")));
                case 1 -> block.put("health-check", translatedChecks.getFirst());
                default -> {
                    Map<String, Object> named = new LinkedHashMap<>();
                    for (int i = 0; i < translatedChecks.size(); i++) {
                        named.put("check-" + (i + 1), translatedChecks.get(i));
                    }
                    block.put("health-checks", named);
                    block.put("require-checks", new Plain("all"));
                }
            }
            return block;
        }
    }
}
