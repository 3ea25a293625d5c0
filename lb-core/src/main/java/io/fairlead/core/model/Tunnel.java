package io.fairlead.core.model;

/**
 * How packets are wrapped on their way to a real server with {@link ForwardingMethod#TUNNEL}.
 *
 * @param port the UDP port of the tunnel's end at the real server, 1..65535 with {@link Encapsulation#GUE}; else 0
 * @param checksum what protects the packets in the tunnel; none with {@link Encapsulation#IPIP}
 */
public record Tunnel(Encapsulation encapsulation, int port, Checksum checksum) {

    /** What a kernel does that is told nothing, and all that a kernel before 5.2 can do. */
    public static final Tunnel IPIP = new Tunnel(Encapsulation.IPIP, 0, Checksum.NONE);

    public Tunnel {
        boolean portFits = encapsulation == Encapsulation.GUE ? port > 0 && port <= 65535 : port == 0;
        if (!portFits) {
            throw new IllegalArgumentException("tunnel port " + port + " with " + encapsulation.configName()
                    + " (expected: 1..65535 with gue, otherwise none)");
        }
        if (!encapsulation.knows(checksum)) {
            throw new IllegalArgumentException(
                    "tunnel checksum " + checksum.configName() + " with " + encapsulation.configName());
        }
    }

    /** The protocol around the packet ({@code IP_VS_CONN_F_TUNNEL_TYPE_*}). */
    public enum Encapsulation {
        /** IP in IP: RFC 2003, and RFC 2473 over IPv6. */
        IPIP("ipip", 0),
        /** Generic UDP encapsulation, Linux 5.2+: spreads over the paths of a network that looks at UDP ports. */
        GUE("gue", 1),
        /** Generic routing encapsulation (RFC 2784), Linux 5.3+. */
        GRE("gre", 2);

        private final String configName;
        private final int kernelValue;

        Encapsulation(String configName, int kernelValue) {
            this.configName = configName;
            this.kernelValue = kernelValue;
        }

        public String configName() {
            return configName;
        }

        /** Returns the value of {@code IPVS_DEST_ATTR_TUN_TYPE}. */
        public int kernelValue() {
            return kernelValue;
        }

        /** Returns whether it has this kind of checksum. */
        public boolean knows(Checksum checksum) {
            return switch (checksum) {
                case NONE -> true;
                case FULL -> this != IPIP;
                case REMOTE -> this == GUE;
            };
        }
    }

    /** What protects the packets in the tunnel ({@code IP_VS_TUNNEL_ENCAP_FLAG_*}, Linux 5.3+). */
    public enum Checksum {
        NONE("none", 0),
        /** Over the whole packet, in the header of the tunnel. */
        FULL("full", 1),
        /** Remote checksum offload: the real server computes the inner checksum from the outer one. */
        REMOTE("remote", 2);

        private final String configName;
        private final int kernelValue;

        Checksum(String configName, int kernelValue) {
            this.configName = configName;
            this.kernelValue = kernelValue;
        }

        public String configName() {
            return configName;
        }

        /** Returns the value of {@code IPVS_DEST_ATTR_TUN_FLAGS}. */
        public int kernelValue() {
            return kernelValue;
        }
    }
}
