package io.fairlead.core.model;

import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.util.Optional;

/**
 * An address that is wanted on an interface.
 *
 * @param lease how long the kernel keeps it unless it is renewed, in whole seconds, 1 s or more; absent: until it is removed.
 *     A lease is what takes an address away from a process that died or froze
 * @param scope {@link AddressScope#GLOBAL} for IPv6, whose scope the kernel derives from the address
 * @param label the name that old tools show an IPv4 address under, such as {@code eth0:1}: 1..15 visible characters; absent:
 *     that of the interface, and always for IPv6, which has none
 */
public record InterfaceAddress(
        InterfaceAddressKey key, Optional<Duration> lease, AddressScope scope, Optional<String> label) {

    /** The largest finite lifetime: the kernel counts in 32 bits and reads all ones as forever. */
    public static final Duration LEASE_MAX = Duration.ofSeconds(0xffff_fffeL);

    public InterfaceAddress {
        lease.ifPresent(duration -> {
            if (duration.compareTo(Duration.ofSeconds(1)) < 0
                    || duration.compareTo(LEASE_MAX) > 0
                    || !duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
                throw new IllegalArgumentException(
                        "lease " + duration + " (expected: whole seconds from 1 to 4294967294)");
            }
        });
        label.ifPresent(text -> {
            if (!InterfaceAddressKey.isName(text)) {
                throw new IllegalArgumentException("label \"" + text + "\" (expected: 1..15 visible characters)");
            }
        });
        if (key.address().family() == IpFamily.IPV6 && (scope != AddressScope.GLOBAL || label.isPresent())) {
            throw new IllegalArgumentException("scope or label of " + key + " (expected: neither for IPv6)");
        }
    }

    /** An address of global scope without a label. */
    public InterfaceAddress(InterfaceAddressKey key, Optional<Duration> lease) {
        this(key, lease, AddressScope.GLOBAL, Optional.empty());
    }
}
