package io.fairlead.core.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Sends a client back to the real server it had, until it has been silent for a while. Holds what a kernel may hold, which
 * is more than an operator may ask for.
 *
 * @param timeout how long a template outlives its last connection; whole seconds, from {@link #TIMEOUT_MIN} to {@link
 *     #TIMEOUT_MAX} in a configuration
 * @param prefixLength the clients that count as one: 1..32 for IPv4 (a netmask in the kernel), 1..128 for IPv6
 * @param engine what finds the client in a packet, by the name that follows {@code ip_vs_pe_} in that of its module; the
 *     source address if empty
 */
public record Persistence(Duration timeout, int prefixLength, Optional<String> engine) {

    public static final Duration TIMEOUT_MIN = Duration.ofSeconds(1);
    public static final Duration TIMEOUT_MAX = Duration.ofDays(31);

    /** Persistence by source address. */
    public Persistence(Duration timeout, int prefixLength) {
        this(timeout, prefixLength, Optional.empty());
    }

    public Persistence {
        if (timeout.isNegative() || timeout.toNanosPart() != 0) {
            throw new IllegalArgumentException("persistence timeout " + timeout + " (expected: whole seconds)");
        }
        if (prefixLength < 0 || prefixLength > 128) {
            throw new IllegalArgumentException("persistence netmask " + prefixLength + " (expected: 0..128)");
        }
    }
}
