package io.fairlead.core.kernel;

import java.time.Duration;

/**
 * How long the kernel remembers an idle connection. Whole seconds; zero, when written, leaves the value as it is.
 *
 * @param tcp established TCP connections
 * @param tcpFin TCP connections after a FIN
 * @param udp UDP exchanges
 */
public record IpvsTimeouts(Duration tcp, Duration tcpFin, Duration udp) {}
