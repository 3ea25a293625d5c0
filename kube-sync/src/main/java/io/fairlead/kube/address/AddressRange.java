package io.fairlead.kube.address;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Addresses from {@code first} to {@code last}, both included.
 *
 * @param last of the same family, not before {@code first}
 */
public record AddressRange(IpAddress first, IpAddress last) {

    public AddressRange {
        if (first.family() != last.family() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException(
                    "addresses " + first + "-" + last + " (expected: one family, ascending)");
        }
    }

    /**
     * Parses {@code 198.51.100.0/28}, {@code 198.51.100.1-198.51.100.9}, or an address alone.
     *
     * @throws IllegalArgumentException if {@code text} is anything else, also a prefix with host bits
     */
    public static AddressRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash >= 0) {
            return new AddressRange(
                    IpAddress.parse(text.substring(0, dash).strip()),
                    IpAddress.parse(text.substring(dash + 1).strip()));
        }
        IpPrefix prefix = IpPrefix.parse(text);
        int slash = text.indexOf('/');
        if (slash >= 0 && !IpAddress.parse(text.substring(0, slash)).equals(prefix.address())) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: " + prefix + ")");
        }
        return new AddressRange(prefix.address(), prefix.last());
    }

    /** Returns the family of the addresses. */
    public IpFamily family() {
        return first.family();
    }

    /** Returns whether {@code address} is one of them. */
    public boolean contains(IpAddress address) {
        return address.family() == family() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /** Returns whether the two have an address in common. */
    public boolean overlaps(AddressRange other) {
        return family() == other.family() && first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    /** Returns how many addresses there are. */
    public BigInteger size() {
        return number(last).subtract(number(first)).add(BigInteger.ONE);
    }

    /** Returns the address after {@code address}, if it is of the range too. */
    Optional<IpAddress> next(IpAddress address) {
        if (address.compareTo(last) >= 0) {
            return Optional.empty();
        }
        long low = address.low() + 1;
        return Optional.of(new IpAddress(family(), low == 0 ? address.high() + 1 : address.high(), low));
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
