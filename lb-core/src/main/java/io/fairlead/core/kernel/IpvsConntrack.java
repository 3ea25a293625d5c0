package io.fairlead.core.kernel;

/**
 * Whether IPVS tells connection tracking of its connections: sysctl {@code net.ipv4.vs.conntrack}, without which no rule of
 * source NAT applies to them. Counts for new connections only.
 */
public interface IpvsConntrack {

    /** Returns whether it does. @throws UnsupportedKernelException if this kernel's IPVS cannot */
    boolean isOn();

    /** Makes it so. @throws UnsupportedKernelException if this kernel's IPVS cannot, or we may not */
    void turnOn();
}
