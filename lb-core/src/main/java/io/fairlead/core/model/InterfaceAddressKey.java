package io.fairlead.core.model;

import io.fairlead.core.net.IpAddress;
import java.util.Comparator;

/**
 * What identifies an address in the kernel: its interface, itself and its prefix length.
 *
 * @param prefixLength 1..32 or 1..128. The longest is the safe one for a virtual IP: an address of a shorter prefix shares its
 *     subnet with others, and with {@code promote_secondaries} off the kernel removes those when it removes the first of them
 */
public record InterfaceAddressKey(String interfaceName, IpAddress address, int prefixLength)
        implements Comparable<InterfaceAddressKey> {

    /** {@code IFNAMSIZ} with its terminating zero. */
    private static final int NAME_LENGTH_MAX = 15;

    private static final Comparator<InterfaceAddressKey> ORDER = Comparator.comparing(
                    InterfaceAddressKey::interfaceName)
            .thenComparing(InterfaceAddressKey::address)
            .thenComparingInt(InterfaceAddressKey::prefixLength);

    public InterfaceAddressKey {
        if (!isName(interfaceName)) {
            throw new IllegalArgumentException(
                    "interface \"" + interfaceName + "\" (expected: 1..15 visible characters without /)");
        }
        if (prefixLength < 1 || prefixLength > address.family().lengthBits()) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " of " + address + " (expected: 1.."
                    + address.family().lengthBits() + ")");
        }
    }

    /** Returns whether the kernel could have an interface of that name. */
    public static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_LENGTH_MAX
                && !text.equals(".")
                && !text.equals("..")
                && text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '/');
    }

    @Override
    public int compareTo(InterfaceAddressKey other) {
        return ORDER.compare(this, other);
    }

    /** Returns for example {@code 192.0.2.10/32 dev eth0}. */
    @Override
    public String toString() {
        return address + "/" + prefixLength + " dev " + interfaceName;
    }
}
