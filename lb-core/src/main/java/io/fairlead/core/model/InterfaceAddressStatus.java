package io.fairlead.core.model;

import java.time.Duration;
import java.util.Optional;

/**
 * An address that the kernel holds.
 *
 * @param remaining until the kernel removes it; absent: never
 * @param origin who says to have made it, {@code IFA_PROTO} (Linux 5.18+): 0 if unsaid
 * @param usable false while an IPv6 address is being checked for a duplicate, and for good when one was found
 * @param scope {@link AddressScope#GLOBAL} for IPv6
 * @param label absent if it is the name of the interface, and for IPv6
 */
public record InterfaceAddressStatus(
        InterfaceAddressKey key,
        Optional<Duration> remaining,
        int origin,
        boolean usable,
        AddressScope scope,
        Optional<String> label) {

    /** What {@link #origin} is of an address that this appliance has added, on a kernel that keeps it. The kernel uses 1 to 3. */
    public static final int OURS = 0xfa;
}
