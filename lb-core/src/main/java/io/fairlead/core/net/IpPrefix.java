package io.fairlead.core.net;

import java.util.Comparator;

/**
 * Addresses that begin alike: {@code 198.51.100.0/24}. Bits behind the prefix are cleared.
 *
 * @param address the lowest address
 * @param length how many bits they share: 0..32 for IPv4, 0..128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {

    private static final Comparator<IpPrefix> ORDER =
            Comparator.comparing(IpPrefix::address).thenComparingInt(IpPrefix::length);

    public IpPrefix {
        int bits = address.family().lengthBits();
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length " + length + " (expected: 0.." + bits + ")");
        }
        address = masked(address, length);
    }

    /**
     * Parses {@code 198.51.100.0/24}, {@code 2001:db8::/32}, or an address alone, which stands for itself.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new IpPrefix(address, address.family().lengthBits());
        }
        String length = text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: ADDRESS/LENGTH)");
        }
        return new IpPrefix(address, Integer.parseInt(length));
    }

    private static IpAddress masked(IpAddress address, int length) {
        int hostBits = address.family().lengthBits() - length;
        long low = hostBits >= 64 ? 0 : address.low() & -1L << hostBits;
        long high = hostBits >= 128 ? 0 : hostBits > 64 ? address.high() & -1L << (hostBits - 64) : address.high();
        return new IpAddress(address.family(), high, low);
    }

    /** Returns the family of the addresses. */
    public IpFamily family() {
        return address.family();
    }

    /** Returns the highest address. */
    public IpAddress last() {
        int hostBits = family().lengthBits() - length;
        long low = hostBits >= 64 ? -1L : address.low() | ~(-1L << hostBits);
        long high = hostBits >= 128 ? -1L : hostBits > 64 ? address.high() | ~(-1L << (hostBits - 64)) : address.high();
        return new IpAddress(family(), family() == IpFamily.IPV4 ? 0 : high, low);
    }

    /** Returns whether {@code other} is of this family and begins like this prefix. */
    public boolean contains(IpAddress other) {
        return other.family() == family() && masked(other, length).equals(address);
    }

    /** Returns whether every address of {@code other} is one of this prefix. */
    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    @Override
    public int compareTo(IpPrefix other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
