package io.fairlead.conf;

import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.SorryServer;
import java.util.Optional;

/** Reads {@code sorry-server} of a virtual server. */
final class SorryServerReader {

    static final Keys KEYS = new Keys("fairlead.virtual-servers.NAME.sorry-server");
    private static final String ADDRESS = KEYS.add(RealServerReader.ADDRESS);
    private static final String PORT = KEYS.add(RealServerReader.PORT);
    private static final String FORWARDING = KEYS.add(DefaultsReader.FORWARDING);
    private static final String TUNNEL = KEYS.add(TunnelReader.SECTION);
    private static final String INHIBIT = KEYS.add("inhibit");

    private SorryServerReader() {}

    static Optional<SorryServer> read(Section section, RealServerReader.Parent parent) {
        if (!section.has(ADDRESS)) {
            section.missing(ADDRESS, "the IP address of the sorry server");
        }
        Optional<IpAddress> address = section.address(ADDRESS);
        int port = section.integer(PORT, 1, 65535).orElse(parent.port());
        ForwardingMethod forwarding =
                DefaultsReader.forwarding(section, FORWARDING).orElse(parent.forwarding());
        Tunnel tunnel = RealServerReader.tunnel(section, TUNNEL, forwarding, parent);
        boolean inhibit = section.flag(INHIBIT).orElse(false);
        if (address.isEmpty() || !parent.isComplete()) {
            return Optional.empty();
        }
        RealServerReader.checkFamily(section, parent, forwarding, address.get());
        RealServerReader.checkPort(section, parent, forwarding, port);
        return Optional.of(new SorryServer(
                new RealServer(
                        new RealServerKey(new ServerAddress(address.get(), port)),
                        forwarding,
                        1,
                        ConnectionThresholds.NONE,
                        tunnel),
                inhibit));
    }
}
