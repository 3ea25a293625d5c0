package io.fairlead.conf;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.Persistence;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.core.net.PortRange;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.MarkRange;
import io.fairlead.core.policy.PacketHandling;
import io.fairlead.core.policy.PoolPolicy;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.SorryServer;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one entry of {@code fairlead.virtual-servers}. */
final class VirtualServerReader {

    static final Keys KEYS = new Keys("fairlead.virtual-servers.NAME");
    private static final String ADDRESS = KEYS.add("address");
    private static final String PORT = KEYS.add("port");
    private static final String PORTS = KEYS.add("ports");
    private static final String PROTOCOL = KEYS.add("protocol");
    private static final String FWMARK = KEYS.add("fwmark");
    private static final String FAMILY = KEYS.add("family");
    private static final String SCHEDULER = KEYS.add(DefaultsReader.SCHEDULER);
    private static final String SCHEDULER_FLAGS = KEYS.add("scheduler-flags");
    private static final String FORWARDING = KEYS.add(DefaultsReader.FORWARDING);
    private static final String TUNNEL = KEYS.add(TunnelReader.SECTION);
    private static final String SOURCE_NAT = KEYS.add("source-nat");
    private static final String ALLOW_FROM = KEYS.add("allow-from");
    private static final String PERSISTENCE = KEYS.add("persistence");
    private static final String ONE_PACKET_SCHEDULING = KEYS.add("one-packet-scheduling");
    private static final String INHIBIT_ON_FAILURE = KEYS.add(DefaultsReader.INHIBIT_ON_FAILURE);
    private static final String QUORUM = KEYS.add("quorum");
    private static final String HYSTERESIS = KEYS.add("hysteresis");
    private static final String SORRY_SERVER = KEYS.add("sorry-server");
    private static final String DRAIN_TIMEOUT = KEYS.add(DefaultsReader.DRAIN_TIMEOUT);
    private static final String SLOW_START = KEYS.add(DefaultsReader.SLOW_START);

    static {
        HealthChecksReader.declare(KEYS);
    }

    private static final String REAL_SERVERS = KEYS.add("real-servers");

    private static final Choices<TransportProtocol> PROTOCOLS = new Choices<TransportProtocol>()
            .add("tcp", TransportProtocol.TCP)
            .add("udp", TransportProtocol.UDP)
            .add("sctp", TransportProtocol.SCTP);
    private static final Choices<IpFamily> FAMILIES =
            new Choices<IpFamily>().add("ipv4", IpFamily.IPV4).add("ipv6", IpFamily.IPV6);
    private static final Choices<SchedulerFlag> FLAGS = flags();
    /** The sum of as many weights as a pool can hold. */
    private static final long QUORUM_MAX = Integer.MAX_VALUE;

    private static final long FWMARK_MAX = 0xffffffffL;

    private VirtualServerReader() {}

    private static Choices<SchedulerFlag> flags() {
        Choices<SchedulerFlag> flags = new Choices<>();
        for (SchedulerFlag flag : SchedulerFlag.values()) {
            flags.add(flag.configName(), flag);
        }
        return flags;
    }

    /** Returns the virtual server, or empty if it has no key; its other mistakes are problems and replaced by defaults. */
    static Optional<ConfiguredVirtualServer> read(Section section, Defaults defaults, MarkRange marks) {
        Names.check(section, "", section.name());
        Optional<Destination> destination = destination(section);
        Optional<VirtualServerKey> key = destination.map(found -> found.key(section.name(), marks));
        Scheduler scheduler = DefaultsReader.scheduler(section, SCHEDULER).orElse(defaults.scheduler());
        IpFamily family = key.map(VirtualServerKey::family).orElse(IpFamily.IPV4);
        Set<SchedulerFlag> schedulerFlags = schedulerFlags(section, scheduler);
        Optional<Persistence> persistence = section.section(PERSISTENCE, PersistenceReader.KEYS)
                .map(inner -> PersistenceReader.read(inner, family));
        boolean onePacketScheduling = section.flag(ONE_PACKET_SCHEDULING).orElse(false);
        boolean inhibitOnFailure = section.flag(INHIBIT_ON_FAILURE).orElse(defaults.inhibitOnFailure());
        RealServerReader.Parent parent = new RealServerReader.Parent(
                key.isPresent(),
                family,
                key.map(VirtualServerReader::port).orElse(0),
                key.flatMap(VirtualServerReader::address),
                destination.map(Destination::firstPort).orElse(0),
                DefaultsReader.forwarding(section, FORWARDING).orElse(defaults.forwarding()),
                TunnelReader.read(section, TUNNEL).orElse(Tunnel.IPIP),
                HealthChecksReader.read(section, defaults.healthChecks()));
        List<RealServerReader.Found> realServers = realServers(section, parent);
        Optional<SorryServer> sorryServer = section.has(SORRY_SERVER)
                ? section.section(SORRY_SERVER, SorryServerReader.KEYS)
                        .flatMap(inner -> SorryServerReader.read(inner, parent))
                : Optional.empty();
        PoolPolicy policy = new PoolPolicy(
                inhibitOnFailure,
                quorum(section),
                sorryServer,
                DefaultsReader.drainTimeout(section, DRAIN_TIMEOUT).orElse(defaults.drainTimeout()),
                DefaultsReader.slowStart(section, SLOW_START).orElse(defaults.slowStart()));
        if (key.isEmpty()) {
            return Optional.empty();
        }
        if (onePacketScheduling
                && destination.get() instanceof Destination.Ports ports
                && ports.protocol() != TransportProtocol.UDP) {
            section.error(
                    ONE_PACKET_SCHEDULING,
                    "true with protocol " + Names.of(ports.protocol())
                            + " (expected: only with protocol udp, whose packets stand alone)");
        }
        if (destination.get() instanceof Destination.Ports ports) {
            persistence.ifPresent(
                    found -> PersistenceReader.checkProtocol(section, PERSISTENCE, found, ports.protocol()));
        }
        List<RealServerSpec> specs = new ArrayList<>(realServers.size());
        List<CheckSet> checks = new ArrayList<>(realServers.size());
        for (RealServerReader.Found found : realServers) {
            specs.add(found.spec());
            checks.add(found.checks());
        }
        checkQuorum(section, policy.quorum(), specs);
        sorryServer.ifPresent(sorry -> checkSorryServer(section, sorry, specs));
        if (mayHaveWeightZero(policy, specs)) {
            checkFallback(section, scheduler, schedulerFlags);
        }
        VirtualServer virtualServer =
                new VirtualServer(key.get(), scheduler, schedulerFlags, persistence, onePacketScheduling);
        return Optional.of(new ConfiguredVirtualServer(
                new VirtualServerSpec(section.name(), virtualServer, policy, specs),
                checks,
                packets(section, destination.get(), key.get(), specs, sorryServer)));
    }

    private static Quorum quorum(Section section) {
        long weight = section.whole(QUORUM, 1, QUORUM_MAX).orElse(Quorum.ONE.weight());
        long hysteresis = section.whole(HYSTERESIS, 0, QUORUM_MAX).orElse(Quorum.ONE.hysteresis());
        if (hysteresis >= weight && hysteresis > 0) {
            section.error(
                    HYSTERESIS,
                    hysteresis + " (expected: less than the quorum, " + weight + ", which could never be lost)");
        }
        return new Quorum(weight, hysteresis);
    }

    /** More than there can be is taken for all there is, so it works; but it is not what was meant. */
    private static void checkQuorum(Section section, Quorum quorum, List<RealServerSpec> realServers) {
        long weights = 0;
        for (RealServerSpec realServer : realServers) {
            weights += realServer.realServer().weight();
        }
        if (quorum.weight() + quorum.hysteresis() > Math.max(1, weights)) {
            section.warning(
                    section.has(QUORUM) ? QUORUM : HYSTERESIS,
                    quorum.weight() + " with hysteresis " + quorum.hysteresis()
                            + " (expected: together at most the sum of all weights, " + weights + ")");
        }
    }

    /** Whether a real server may be in the table and get no new connections, without an operator's special wish. */
    private static boolean mayHaveWeightZero(PoolPolicy policy, List<RealServerSpec> realServers) {
        return policy.drainTimeout().isPositive()
                || policy.sorryServer().isPresent()
                || realServers.stream()
                        .anyMatch(realServer -> realServer.inhibitOnFailure().orElse(policy.inhibitOnFailure()));
    }

    /** The kernel does what it is told, so it works; but a drain that cuts clients off is not what was meant. */
    private static void checkFallback(Section section, Scheduler scheduler, Set<SchedulerFlag> flags) {
        Optional<SchedulerFlag> fallback = SchedulerFlag.fallback(scheduler);
        if (fallback.isPresent() && !flags.contains(fallback.get())) {
            String expected = Stream.concat(flags.stream(), fallback.stream())
                    .map(SchedulerFlag::configName)
                    .collect(Collectors.joining(", ", "[", "]"));
            section.warning(
                    SCHEDULER_FLAGS,
                    "without " + fallback.get().configName() + " scheduler " + scheduler
                            + " refuses the clients of a real server with weight 0, as while it drains (expected: "
                            + expected + ")");
        }
    }

    private static void checkSorryServer(Section section, SorryServer sorryServer, List<RealServerSpec> realServers) {
        for (RealServerSpec realServer : realServers) {
            if (realServer.key().equals(sorryServer.realServer().key())) {
                section.error(
                        SORRY_SERVER,
                        Section.quoted(realServer.key().toString())
                                + " is a real server too (expected: a server of its own)");
            }
        }
    }

    private static Optional<ServerAddress> address(VirtualServerKey key) {
        return key instanceof AddressKey address ? Optional.of(address.address()) : Optional.empty();
    }

    private static int port(VirtualServerKey key) {
        return switch (key) {
            case AddressKey address -> address.address().port();
            case FwmarkKey _ -> 0;
        };
    }

    /** What clients connect to, as it was written. */
    private sealed interface Destination {

        VirtualServerKey key(String name, MarkRange marks);

        /** Returns the port to check where nobody says another; 0 if there is none. */
        int firstPort();

        /** An address with ports; a single one is the kernel's key, several are folded into a firewall mark. */
        record Ports(TransportProtocol protocol, IpAddress address, List<PortRange> ranges) implements Destination {
            @Override
            public VirtualServerKey key(String name, MarkRange marks) {
                return isFolded()
                        ? new FwmarkKey(address.family(), marks.of(name))
                        : new AddressKey(protocol, new ServerAddress(address, firstPort()));
            }

            boolean isFolded() {
                return ranges.size() > 1 || !ranges.getFirst().isSingle();
            }

            @Override
            public int firstPort() {
                return ranges.getFirst().first();
            }
        }

        /** A firewall mark that someone else sets. */
        record Mark(IpFamily family, long mark) implements Destination {
            @Override
            public VirtualServerKey key(String name, MarkRange marks) {
                return new FwmarkKey(family, mark);
            }

            @Override
            public int firstPort() {
                return 0;
            }
        }
    }

    private static Optional<Destination> destination(Section section) {
        if (section.has(FWMARK)) {
            return fwmark(section);
        }
        if (!section.has(ADDRESS)) {
            section.missing(ADDRESS, "the virtual IP address, or fwmark = a firewall mark");
        }
        if (!section.has(PORT) && !section.has(PORTS)) {
            section.missing(PORT, "1..65535");
        }
        if (section.has(PORT) && section.has(PORTS)) {
            section.error(PORTS, "given with port (expected: either port or ports)");
        }
        if (section.has(FAMILY)) {
            section.error(FAMILY, "given with an address (expected: only with fwmark; the address tells the family)");
        }
        Optional<IpAddress> address = section.address(ADDRESS);
        OptionalInt port = section.integer(PORT, 1, 65535);
        List<PortRange> ranges = port.isPresent() ? List.of(PortRange.single(port.getAsInt())) : ports(section);
        Optional<TransportProtocol> protocol = section.choice(PROTOCOL, PROTOCOLS);
        boolean protocolIsWrong = section.has(PROTOCOL) && protocol.isEmpty();
        if (address.isEmpty() || ranges.isEmpty() || protocolIsWrong) {
            return Optional.empty();
        }
        return Optional.of(new Destination.Ports(protocol.orElse(TransportProtocol.TCP), address.get(), ranges));
    }

    private static Optional<Destination> fwmark(Section section) {
        for (String key : List.of(ADDRESS, PORT, PORTS, PROTOCOL)) {
            if (section.has(key)) {
                section.error(key, "given with fwmark (expected: either fwmark, or address, port and protocol)");
            }
        }
        for (String key : List.of(SOURCE_NAT, ALLOW_FROM)) {
            if (section.has(key)) {
                section.error(
                        key,
                        "given with fwmark (expected: only with an address; whoever sets the mark knows the packets)");
            }
        }
        OptionalLong mark = section.whole(FWMARK, 1, FWMARK_MAX);
        IpFamily family = section.choice(FAMILY, FAMILIES).orElse(IpFamily.IPV4);
        return mark.isPresent() ? Optional.of(new Destination.Mark(family, mark.getAsLong())) : Optional.empty();
    }

    /** Returns the ports in the operator's order; none if any of them is wrong. */
    private static List<PortRange> ports(Section section) {
        Optional<List<String>> texts = section.strings(PORTS);
        if (texts.isEmpty()) {
            return List.of();
        }
        if (texts.get().isEmpty()) {
            section.error(PORTS, "an empty list (expected: ports such as \"80\" and ranges such as \"8000-8099\")");
        }
        List<PortRange> ranges = new ArrayList<>();
        for (int i = 0; i < texts.get().size(); i++) {
            String key = PORTS + "[" + i + "]";
            try {
                PortRange range = PortRange.parse(texts.get().get(i));
                Optional<PortRange> other =
                        ranges.stream().filter(range::overlaps).findFirst();
                if (other.isPresent()) {
                    section.error(key, range + " overlaps " + other.get() + " (expected: each port once)");
                    return List.of();
                }
                ranges.add(range);
            } catch (IllegalArgumentException e) {
                section.error(
                        key,
                        Section.quoted(texts.get().get(i))
                                + " (expected: a port such as 80 or a range such as 8000-8099, 1..65535)");
                return List.of();
            }
        }
        return ranges;
    }

    private static PacketHandling packets(
            Section section,
            Destination destination,
            VirtualServerKey key,
            List<RealServerSpec> realServers,
            Optional<SorryServer> sorryServer) {
        boolean sourceNat = section.flag(SOURCE_NAT).orElse(false);
        Optional<Set<IpPrefix>> allowed = allowFrom(section, key.family());
        return switch (destination) {
            case Destination.Mark _ -> PacketHandling.NONE;
            case Destination.Ports ports -> {
                if (sourceNat) {
                    realServers.forEach(
                            each -> checkRewritten(section, "real server " + each.name(), each.realServer()));
                    sorryServer.ifPresent(each -> checkRewritten(section, "the sorry server", each.realServer()));
                }
                if (!ports.isFolded() && !sourceNat && allowed.isEmpty()) {
                    yield PacketHandling.NONE;
                }
                yield new PacketHandling(
                        ports.ranges().stream()
                                .map(range -> new PacketDestination(ports.protocol(), ports.address(), range))
                                .toList(),
                        key instanceof FwmarkKey folded ? OptionalLong.of(folded.mark()) : OptionalLong.empty(),
                        sourceNat,
                        allowed);
            }
        };
    }

    /** Direct routing and tunnels leave the packet as it is, and answers do not come back through us. */
    private static void checkRewritten(Section section, String who, RealServer realServer) {
        if (realServer.forwarding() != ForwardingMethod.MASQUERADE) {
            section.error(
                    SOURCE_NAT,
                    "true, but " + who + " has forwarding "
                            + realServer.forwarding().configName()
                            + " (expected: forwarding nat for all of them, because others answer clients directly)");
        }
    }

    private static Optional<Set<IpPrefix>> allowFrom(Section section, IpFamily family) {
        Optional<List<String>> texts = section.strings(ALLOW_FROM);
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        Set<IpPrefix> prefixes = new TreeSet<>();
        for (int i = 0; i < texts.get().size(); i++) {
            String text = texts.get().get(i);
            try {
                IpPrefix prefix = IpPrefix.parse(text);
                if (prefix.family() == family) {
                    prefixes.add(prefix);
                } else {
                    section.error(
                            ALLOW_FROM + "[" + i + "]",
                            Section.quoted(text) + " is " + Names.of(prefix.family()) + " (expected: "
                                    + Names.of(family) + " as its virtual server)");
                }
            } catch (IllegalArgumentException e) {
                section.error(
                        ALLOW_FROM + "[" + i + "]",
                        Section.quoted(text) + " (expected: an address or a prefix such as 198.51.100.0/24)");
            }
        }
        return Optional.of(prefixes);
    }

    private static Set<SchedulerFlag> schedulerFlags(Section section, Scheduler scheduler) {
        if (!section.has(SCHEDULER_FLAGS)) {
            return Set.of();
        }
        Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
        for (String name : section.strings(SCHEDULER_FLAGS).orElse(List.of())) {
            Optional<SchedulerFlag> flag = FLAGS.named(name);
            if (flag.isEmpty()) {
                section.error(SCHEDULER_FLAGS, Section.quoted(name) + " (expected: " + FLAGS.expected() + ")");
            } else if (flag.get().with(scheduler).isEmpty()) {
                section.error(
                        SCHEDULER_FLAGS,
                        name + " with scheduler " + scheduler + " (expected: only with scheduler "
                                + flag.get().scheduler().orElseThrow() + ")");
            } else {
                flags.add(flag.get().with(scheduler).get());
            }
        }
        return flags;
    }

    private static List<RealServerReader.Found> realServers(Section section, RealServerReader.Parent parent) {
        List<Section> items = section.items(REAL_SERVERS, RealServerReader.KEYS);
        List<RealServerReader.Found> found = new ArrayList<>(items.size());
        Map<Object, Section> seen = HashMap.newHashMap(2 * items.size());
        for (Section item : items) {
            Optional<RealServerReader.Found> realServer = RealServerReader.read(item, parent);
            if (realServer.isPresent()) {
                RealServerSpec spec = realServer.get().spec();
                boolean sameAddress = isTaken(seen, spec.key(), item, RealServerReader.ADDRESS);
                if (!sameAddress) {
                    isTaken(seen, spec.name(), item, RealServerReader.NAME);
                }
                found.add(realServer.get());
            }
        }
        return found;
    }

    private static boolean isTaken(Map<Object, Section> seen, Object identity, Section item, String key) {
        Section first = seen.putIfAbsent(identity, item);
        if (first == null) {
            return false;
        }
        item.error(
                key,
                Section.quoted(identity.toString()) + " is taken by "
                        + first.reading().problems().place(first.origin(key))
                        + " (expected: each " + key + " once in a virtual server)");
        return true;
    }
}
