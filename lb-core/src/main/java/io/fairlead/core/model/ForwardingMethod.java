package io.fairlead.core.model;

/** How the kernel passes packets on to a real server ({@code IP_VS_CONN_F_FWD_MASK}). */
public enum ForwardingMethod {
    /** Network address translation; replies must come back through this host. */
    MASQUERADE("nat", 0),
    /** Delivered on this host. */
    LOCAL("local", 1),
    /** Encapsulated; the real server owns the virtual address and answers the client itself. */
    TUNNEL("tunnel", 2),
    /** Sent on at layer 2 with the virtual address kept; the real server answers the client itself. */
    DIRECT_ROUTE("direct-route", 3);

    private final String configName;
    private final int kernelValue;

    ForwardingMethod(String configName, int kernelValue) {
        this.configName = configName;
        this.kernelValue = kernelValue;
    }

    /** Returns the name in configuration, status and metrics. */
    public String configName() {
        return configName;
    }

    /** Returns the value of {@code IPVS_DEST_ATTR_FWD_METHOD}. */
    public int kernelValue() {
        return kernelValue;
    }
}
