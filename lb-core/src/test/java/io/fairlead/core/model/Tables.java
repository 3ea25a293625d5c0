package io.fairlead.core.model;

import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Builds tables for tests: everything has a valid default, so that a test spells out only what it is about. */
public final class Tables {

    private Tables() {}

    /** A TCP virtual server with scheduler {@code wlc}, such as {@code 192.0.2.10:443}. */
    public static VirtualServerBuilder aVirtualServer(String address) {
        return new VirtualServerBuilder(new VirtualServerKey.AddressKey(TransportProtocol.TCP, parse(address)));
    }

    /** A virtual server of an IPv4 firewall mark. */
    public static VirtualServerBuilder aFirewallMark(long mark) {
        return new VirtualServerBuilder(new VirtualServerKey.FwmarkKey(IpFamily.IPV4, mark));
    }

    /** A virtual server of that key. */
    public static VirtualServerBuilder aVirtualServer(VirtualServerKey key) {
        return new VirtualServerBuilder(key);
    }

    /** A real server behind address translation, with weight 1 and no thresholds. */
    public static RealServerBuilder aRealServer(String address) {
        return new RealServerBuilder(new RealServerKey(parse(address)));
    }

    /** The key of a TCP virtual server. */
    public static VirtualServerKey tcp(String address) {
        return new VirtualServerKey.AddressKey(TransportProtocol.TCP, parse(address));
    }

    /** A table of these virtual servers. */
    public static IpvsSnapshot aTable(VirtualServerBuilder... virtualServers) {
        return IpvsSnapshot.of(
                Arrays.stream(virtualServers).map(VirtualServerBuilder::pool).toList());
    }

    private static ServerAddress parse(String address) {
        return ServerAddress.parse(address);
    }

    /** Every key that {@link #randomTable} draws from: few, so that two tables have many in common. */
    public static final List<VirtualServerKey> RANDOM_KEYS = List.of(
            tcp("192.0.2.10:443"),
            tcp("192.0.2.10:80"),
            tcp("[2001:db8::10]:443"),
            aVirtualServer("192.0.2.10:443").udp().key(),
            aVirtualServer("[2001:db8::10]:443").udp().key(),
            aVirtualServer("192.0.2.11:2905").sctp().key(),
            new VirtualServerKey.FwmarkKey(IpFamily.IPV4, 7),
            new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 7));

    /** A table in which each of {@link #RANDOM_KEYS} is present or not. */
    public static IpvsSnapshot randomTable(RandomGenerator random) {
        List<Pool> pools = new ArrayList<>();
        for (VirtualServerKey key : RANDOM_KEYS) {
            if (random.nextInt(4) > 0) {
                pools.add(randomPool(key, random));
            }
        }
        return IpvsSnapshot.of(pools);
    }

    /** A virtual server of that key with random attributes and up to six random real servers. */
    public static Pool randomPool(VirtualServerKey key, RandomGenerator random) {
        VirtualServerBuilder virtualServer =
                aVirtualServer(key).scheduler(pick(random, List.of("rr", "wrr", "wlc", "sh", "mh")));
        for (SchedulerFlag flag : SchedulerFlag.values()) {
            if (flag.with(virtualServer.scheduler).equals(Optional.of(flag)) && random.nextBoolean()) {
                virtualServer.flag(flag);
            }
        }
        if (random.nextBoolean()) {
            virtualServer.persistent(
                    Duration.ofSeconds(random.nextInt(1, 5)),
                    random.nextInt(1, key.family().lengthBits() + 1));
        }
        for (int i = 1; i <= 6; i++) {
            if (random.nextBoolean()) {
                virtualServer.with(randomRealServer(key.family(), i, random));
            }
        }
        return virtualServer.pool();
    }

    private static final List<Tunnel> TUNNELS = List.of(
            Tunnel.IPIP,
            new Tunnel(Tunnel.Encapsulation.GRE, 0, Tunnel.Checksum.FULL),
            new Tunnel(Tunnel.Encapsulation.GUE, 6080, Tunnel.Checksum.NONE));

    private static RealServerBuilder randomRealServer(IpFamily family, int host, RandomGenerator random) {
        String address = family == IpFamily.IPV4 ? "198.51.100." + host + ":80" : "[2001:db8:1::" + host + "]:80";
        int lower = random.nextInt(2);
        RealServerBuilder realServer =
                aRealServer(address).weight(random.nextInt(3)).thresholds(lower == 0 ? random.nextInt(2) : 5, lower);
        ForwardingMethod forwarding = pick(random, List.of(ForwardingMethod.values()));
        return forwarding == ForwardingMethod.TUNNEL
                ? realServer.tunnel(pick(random, TUNNELS))
                : realServer.forwarding(forwarding);
    }

    private static <T> T pick(RandomGenerator random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A virtual server with its real servers. */
    public static final class VirtualServerBuilder {

        private final VirtualServerKey key;
        private final Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
        private final List<RealServer> realServers = new ArrayList<>();
        private Scheduler scheduler = Scheduler.WEIGHTED_LEAST_CONNECTION;
        private Optional<Persistence> persistence = Optional.empty();
        private boolean onePacketScheduling;

        private VirtualServerBuilder(VirtualServerKey key) {
            this.key = key;
        }

        public VirtualServerBuilder udp() {
            return protocol(TransportProtocol.UDP);
        }

        public VirtualServerBuilder sctp() {
            return protocol(TransportProtocol.SCTP);
        }

        private VirtualServerBuilder protocol(TransportProtocol protocol) {
            if (!(key instanceof VirtualServerKey.AddressKey(var present, var address))) {
                throw new IllegalStateException(key + " has no protocol");
            }
            return new VirtualServerBuilder(new VirtualServerKey.AddressKey(protocol, address));
        }

        public VirtualServerBuilder wrr() {
            return scheduler("wrr");
        }

        public VirtualServerBuilder scheduler(String name) {
            scheduler = new Scheduler(name);
            return this;
        }

        public VirtualServerBuilder flag(SchedulerFlag flag) {
            flags.add(flag);
            return this;
        }

        /** Persistence that tells every client apart. */
        public VirtualServerBuilder persistent(Duration timeout) {
            return persistent(timeout, key.family().lengthBits());
        }

        public VirtualServerBuilder persistent(Duration timeout, int prefixLength) {
            persistence = Optional.of(new Persistence(timeout, prefixLength));
            return this;
        }

        /** Persistence of clients that this engine tells apart. */
        public VirtualServerBuilder engine(String name) {
            persistence =
                    persistence.map(found -> new Persistence(found.timeout(), found.prefixLength(), Optional.of(name)));
            return this;
        }

        public VirtualServerBuilder onePacketScheduling() {
            onePacketScheduling = true;
            return this;
        }

        public VirtualServerBuilder with(RealServerBuilder realServer) {
            realServers.add(realServer.build());
            return this;
        }

        public VirtualServerKey key() {
            return key;
        }

        public VirtualServer build() {
            return new VirtualServer(key, scheduler, flags, persistence, onePacketScheduling);
        }

        public Pool pool() {
            return Pool.of(build(), realServers);
        }
    }

    /** A real server. */
    public static final class RealServerBuilder {

        private final RealServerKey key;
        private ForwardingMethod forwarding = ForwardingMethod.MASQUERADE;
        private int weight = 1;
        private ConnectionThresholds thresholds = ConnectionThresholds.NONE;
        private Tunnel tunnel = Tunnel.IPIP;

        private RealServerBuilder(RealServerKey key) {
            this.key = key;
        }

        public RealServerBuilder forwarding(ForwardingMethod method) {
            forwarding = method;
            return this;
        }

        /** Reached by this tunnel. */
        public RealServerBuilder tunnel(Tunnel newTunnel) {
            forwarding = ForwardingMethod.TUNNEL;
            tunnel = newTunnel;
            return this;
        }

        public RealServerBuilder weight(int newWeight) {
            weight = newWeight;
            return this;
        }

        public RealServerBuilder thresholds(long upper, long lower) {
            thresholds = new ConnectionThresholds(upper, lower);
            return this;
        }

        public RealServerKey key() {
            return key;
        }

        public RealServer build() {
            return new RealServer(key, forwarding, weight, thresholds, tunnel);
        }
    }
}
