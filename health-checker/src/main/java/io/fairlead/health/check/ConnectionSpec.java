package io.fairlead.health.check;

import io.fairlead.core.net.IpAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the socket of a probe is set up before it asks.
 *
 * @param sourceAddress what the socket is bound to; empty for what the routes say
 * @param sourceInterface the interface that all packets leave and come by (SO_BINDTODEVICE); empty for any
 * @param mark the firewall mark of all packets (SO_MARK), 0 for none, up to 2^32 - 1
 * @param connectTimeout how long the connection may take; empty for as long as the whole probe
 * @param through the real server that the packets reach by way of a virtual server of {@code mark}, though the address asked
 *     is a virtual IP address; the source address is then that which leads to it
 */
public record ConnectionSpec(
        Optional<IpAddress> sourceAddress,
        Optional<String> sourceInterface,
        long mark,
        Optional<Duration> connectTimeout,
        Optional<IpAddress> through) {

    /** As the kernel would by itself. */
    public static final ConnectionSpec DEFAULT =
            new ConnectionSpec(Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty());

    public static final long MARK_MAX = 0xffff_ffffL;

    /** {@code dev_valid_name}, Linux 6.x: at most 15 bytes, neither slash nor colon nor white space. */
    private static final Pattern INTERFACE = Pattern.compile("(?!\\.{1,2}$)[!-~&&[^/:]]{1,15}");

    public ConnectionSpec {
        if (through.isPresent() && mark == 0) {
            throw new IllegalArgumentException(
                    "through " + through.get() + " without a mark (expected: 1.." + MARK_MAX + ")");
        }
        if (mark < 0 || mark > MARK_MAX) {
            throw new IllegalArgumentException("mark " + mark + " (expected: 0.." + MARK_MAX + ")");
        }
        if (sourceInterface.isPresent() && !isInterface(sourceInterface.get())) {
            throw new IllegalArgumentException(
                    "source interface \"" + sourceInterface.get() + "\" (expected: the name of an interface)");
        }
    }

    /** Returns whether the kernel is left alone. Asked for every probe, so it allocates and compares nothing large. */
    public boolean isDefault() {
        return mark == 0 && sourceAddress.isEmpty() && sourceInterface.isEmpty() && through.isEmpty();
    }

    /** Returns how long the connection may take of a probe that may take {@code timeout}. */
    public Duration connectTimeoutWithin(Duration timeout) {
        return connectTimeout.isPresent() && connectTimeout.get().compareTo(timeout) < 0
                ? connectTimeout.get()
                : timeout;
    }

    /** Returns the same for packets that carry {@code pathMark} and reach {@code realServer} by it. */
    public ConnectionSpec through(IpAddress realServer, long pathMark) {
        return new ConnectionSpec(sourceAddress, sourceInterface, pathMark, connectTimeout, Optional.of(realServer));
    }

    /** Returns whether an interface could have that name. */
    public static boolean isInterface(String name) {
        return INTERFACE.matcher(name).matches();
    }
}
