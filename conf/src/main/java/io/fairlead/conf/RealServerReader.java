package io.fairlead.conf;

import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.health.check.CheckSet;
import java.util.Optional;

/** Reads one entry of {@code real-servers}. */
final class RealServerReader {

    static final Keys KEYS = new Keys("fairlead.virtual-servers.NAME.real-servers[]");
    static final String NAME = KEYS.add("name");
    static final String ADDRESS = KEYS.add("address");
    static final String PORT = KEYS.add("port");
    private static final String WEIGHT = KEYS.add("weight");
    private static final String UPPER_THRESHOLD = KEYS.add("upper-threshold");
    private static final String LOWER_THRESHOLD = KEYS.add("lower-threshold");
    private static final String INHIBIT_ON_FAILURE = KEYS.add(DefaultsReader.INHIBIT_ON_FAILURE);
    private static final String FORWARDING = KEYS.add(DefaultsReader.FORWARDING);
    static final String TUNNEL = KEYS.add(TunnelReader.SECTION);

    static {
        HealthChecksReader.declare(KEYS);
    }

    private static final int WEIGHT_DEFAULT = 1;

    private RealServerReader() {}

    /**
     * What a real server takes from its virtual server.
     *
     * @param isComplete whether the virtual server has a valid key; if not, nothing is held against it
     * @param virtualAddress empty with several ports or a firewall mark
     * @param port 0 with several ports or a firewall mark: the packet keeps the port that it came with
     * @param checkPort which port to check then, if the real server does not say; 0 if nobody knows
     */
    record Parent(
            boolean isComplete,
            IpFamily family,
            int port,
            Optional<ServerAddress> virtualAddress,
            int checkPort,
            ForwardingMethod forwarding,
            Tunnel tunnel,
            HealthChecksReader.Level healthChecks) {}

    /** A real server and what to check. */
    record Found(RealServerSpec spec, CheckSet checks) {}

    static Optional<Found> read(Section section, Parent parent) {
        Optional<IpAddress> address = section.address(ADDRESS);
        if (!section.has(ADDRESS)) {
            section.missing(ADDRESS, "the IP address of the real server");
        }
        int port = section.integer(PORT, 1, 65535).orElse(parent.port());
        ForwardingMethod forwarding =
                DefaultsReader.forwarding(section, FORWARDING).orElse(parent.forwarding());
        Tunnel tunnel = tunnel(section, TUNNEL, forwarding, parent);
        int weight = section.integer(WEIGHT, 0, RealServer.WEIGHT_MAX).orElse(WEIGHT_DEFAULT);
        ConnectionThresholds thresholds = thresholds(section);
        Optional<Boolean> inhibitOnFailure = section.flag(INHIBIT_ON_FAILURE);
        HealthChecksReader.Level healthChecks = HealthChecksReader.read(section, parent.healthChecks());
        Optional<String> name = section.string(NAME);
        name.ifPresent(text -> Names.check(section, NAME, text));
        if (address.isEmpty() || !parent.isComplete()) {
            return Optional.empty();
        }
        checkFamily(section, parent, forwarding, address.get());
        checkPort(section, parent, forwarding, port);
        int checkPort = port == 0 ? parent.checkPort() : port;
        if (healthChecks.lacksPort(checkPort)) {
            if (!section.has(PORT)) {
                section.missing(
                        PORT,
                        "the port to check, 1..65535, because a firewall mark has none; or health-check type none");
            }
            return Optional.empty();
        }
        ServerAddress serverAddress = new ServerAddress(address.get(), port);
        RealServer realServer =
                new RealServer(new RealServerKey(serverAddress), forwarding, weight, thresholds, tunnel);
        return Optional.of(new Found(
                new RealServerSpec(name.orElseGet(serverAddress::toString), realServer, inhibitOnFailure),
                healthChecks.of(
                        address.get(), checkPort, new CheckPathReader(section, parent.virtualAddress(), forwarding))));
    }

    /** Returns its own tunnel or that of the virtual server, if it is reached by one. */
    static Tunnel tunnel(Section section, String key, ForwardingMethod forwarding, Parent parent) {
        Optional<Tunnel> own = TunnelReader.read(section, key);
        if (forwarding == ForwardingMethod.TUNNEL) {
            return own.orElse(parent.tunnel());
        }
        if (own.isPresent()) {
            section.error(
                    key,
                    "given with forwarding " + forwarding.configName() + " (expected: only with forwarding tunnel)");
        }
        return Tunnel.IPIP;
    }

    private static ConnectionThresholds thresholds(Section section) {
        if (!section.has(UPPER_THRESHOLD) && !section.has(LOWER_THRESHOLD)) {
            return ConnectionThresholds.NONE;
        }
        long upper = section.whole(UPPER_THRESHOLD, 0, ConnectionThresholds.SETTABLE_MAX)
                .orElse(0);
        long lower = section.whole(LOWER_THRESHOLD, 0, ConnectionThresholds.SETTABLE_MAX)
                .orElse(0);
        if (lower > upper) {
            section.error(LOWER_THRESHOLD, lower + " (expected: at most the upper-threshold, " + upper + ")");
        }
        return section.reading().shared(new ConnectionThresholds(upper, lower));
    }

    /** Only a tunnel carries one family in the other ({@code ip_vs_add_dest}, Linux 3.18+). */
    static void checkFamily(Section section, Parent parent, ForwardingMethod forwarding, IpAddress address) {
        if (address.family() != parent.family() && forwarding != ForwardingMethod.TUNNEL) {
            section.error(
                    ADDRESS,
                    Section.quoted(address.toString()) + " is " + Names.of(address.family())
                            + " (expected: " + Names.of(parent.family()) + " as its virtual server, because forwarding "
                            + forwarding.configName() + " cannot change the family)");
        }
    }

    /** Only NAT rewrites the destination port. */
    static void checkPort(Section section, Parent parent, ForwardingMethod forwarding, int port) {
        if (forwarding == ForwardingMethod.MASQUERADE) {
            return;
        }
        if (parent.port() == 0 && parent.checkPort() != 0 && port != 0) {
            section.error(
                    PORT,
                    port + " (expected: none, because the virtual server has several ports and forwarding "
                            + forwarding.configName() + " cannot change them)");
        } else if (parent.port() != 0 && port != parent.port()) {
            section.error(
                    PORT,
                    port + " (expected: " + parent.port() + " as its virtual server, because forwarding "
                            + forwarding.configName() + " cannot change the port)");
        }
    }
}
