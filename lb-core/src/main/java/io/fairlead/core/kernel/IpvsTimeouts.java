package io.fairlead.core.kernel;

import java.time.Duration;

/**
 * How long the kernel remembers an idle connection. Whole seconds; zero, when written, leaves the value as it is.
 *
 * @param tcp established TCP connections
 * @param tcpFin TCP connections after a FIN
 * @param udp UDP exchanges
 */
public record IpvsTimeouts(Duration tcp, Duration tcpFin, Duration udp) {

    /** Returns what the kernel has after writing these where it had {@code before}. */
    public IpvsTimeouts over(IpvsTimeouts before) {
        return new IpvsTimeouts(
                tcp.isZero() ? before.tcp : tcp,
                tcpFin.isZero() ? before.tcpFin : tcpFin,
                udp.isZero() ? before.udp : udp);
    }
}
