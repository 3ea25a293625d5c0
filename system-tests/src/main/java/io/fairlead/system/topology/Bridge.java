package io.fairlead.system.topology;

import java.util.List;

/** A switch between hosts. It lives in a namespace of its own, so that the machine's own network never sees it. */
public final class Bridge {
    private final Topology topology;
    private final String name;

    Bridge(Topology topology, String name) {
        this.topology = topology;
        this.name = name;
        // Forwards from the first packet on, and floods multicast as a plain switch does.
        Kernel.batch(
                topology.fabric(),
                List.of(
                        "link add name " + name + " type bridge forward_delay 0 stp_state 0 mcast_snooping 0",
                        "link set dev " + name + " up"));
    }

    public String name() {
        return name;
    }

    /** Plugs the host in, with these addresses in CIDR notation ({@code 192.0.2.1/24}, {@code 2001:db8::1/64}). */
    public Link attach(NetworkHost host, String... addresses) {
        String port = topology.nextPort();
        String device = host.nextInterface();
        Kernel.batch(
                topology.fabric(),
                List.of(
                        "link add name " + port + " type veth peer name " + device + " netns " + host.namespace(),
                        "link set dev " + port + " master " + name + " up"));
        host.bringUp(device, List.of(addresses));
        host.pluggedInto(port);
        return new Link(host, device, topology.fabric(), port, true);
    }

    @Override
    public String toString() {
        return name;
    }
}
