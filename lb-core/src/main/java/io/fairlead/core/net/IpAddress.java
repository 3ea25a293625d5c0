package io.fairlead.core.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address without zone, ordered by family and then by value.
 *
 * <p>Two longs instead of {@link InetAddress}: comparable, compact in tables of many thousand entries, and it cannot resolve
 * a name. An IPv4-mapped IPv6 literal stays IPv6.
 *
 * @param high the first 8 bytes of an IPv6 address; 0 for IPv4
 * @param low the last 8 bytes of an IPv6 address; the 4 bytes of an IPv4 address
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

    public IpAddress {
        if (family == IpFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("IPv4 address longer than 32 bits");
        }
    }

    /**
     * Parses a literal: four decimal parts, or any RFC 4291 §2.2 form of IPv6, without brackets or zone.
     *
     * @throws IllegalArgumentException if {@code literal} is anything else, a host name included
     */
    public static IpAddress parse(String literal) {
        if (literal.indexOf(':') >= 0) {
            return parseIpv6(literal);
        }
        return new IpAddress(IpFamily.IPV4, 0, parseIpv4(literal));
    }

    private static long parseIpv4(String literal) {
        String[] parts = literal.split("\\.", -1);
        if (parts.length != 4) {
            throw notAnAddress(literal);
        }
        long value = 0;
        for (String part : parts) {
            if (!isOctet(part)) {
                throw notAnAddress(literal);
            }
            value = value << 8 | Integer.parseInt(part);
        }
        return value;
    }

    /** Refuses leading zeros, which some parsers read as octal. */
    private static boolean isOctet(String part) {
        if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
            return false;
        }
        return part.chars().allMatch(c -> c >= '0' && c <= '9') && Integer.parseInt(part) <= 255;
    }

    private static IpAddress parseIpv6(String literal) {
        // A zone or brackets would be accepted by the library, and a mapped address silently turned into IPv4.
        if (literal.indexOf('%') >= 0 || literal.indexOf('[') >= 0) {
            throw notAnAddress(literal);
        }
        int lastColon = literal.lastIndexOf(':');
        if (literal.indexOf('.') > lastColon) {
            try {
                long embedded = parseIpv4(literal.substring(lastColon + 1));
                return parseIpv6(
                        "%s%x:%x".formatted(literal.substring(0, lastColon + 1), embedded >>> 16, embedded & 0xffff));
            } catch (IllegalArgumentException e) {
                throw notAnAddress(literal); // naming the whole of it
            }
        }
        try {
            byte[] bytes = Inet6Address.ofLiteral(literal).getAddress();
            return bytes.length == 16 ? ofBytes(bytes) : mapped(bytes);
        } catch (IllegalArgumentException e) {
            throw notAnAddress(literal);
        }
    }

    private static IpAddress mapped(byte[] ipv4) {
        return new IpAddress(
                IpFamily.IPV6,
                0,
                0xffffL << 32 | Integer.toUnsignedLong(ByteBuffer.wrap(ipv4).getInt()));
    }

    private static IllegalArgumentException notAnAddress(String literal) {
        return new IllegalArgumentException(
                "\"" + literal + "\" is not an IP address (expected: a literal such as 192.0.2.1 or 2001:db8::1)");
    }

    /** Returns the address held in 4 or 16 bytes in network order. */
    public static IpAddress ofBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 4 -> new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(buffer.getInt()));
            case 16 -> new IpAddress(IpFamily.IPV6, buffer.getLong(), buffer.getLong());
            default -> throw new IllegalArgumentException("address of " + bytes.length + " bytes (expected: 4 or 16)");
        };
    }

    /** Returns the 4 or 16 bytes of the address in network order. */
    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(family.lengthBytes());
        if (family == IpFamily.IPV4) {
            buffer.putInt((int) low);
        } else {
            buffer.putLong(high).putLong(low);
        }
        return buffer.array();
    }

    /** Returns the same address as the JDK's type, for sockets. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of 4 or 16 bytes refused: " + this, e);
        }
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Returns the canonical text: dotted for IPv4, RFC 5952 for IPv6. */
    @Override
    public String toString() {
        return family == IpFamily.IPV4 ? ipv4Text(low) : ipv6Text();
    }

    private static String ipv4Text(long value) {
        return (value >>> 24) + "." + (value >>> 16 & 0xff) + "." + (value >>> 8 & 0xff) + "." + (value & 0xff);
    }

    private String ipv6Text() {
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + ipv4Text(low & 0xffffffffL); // RFC 5952 §5
        }
        int longestStart = -1;
        int longestLength = 1; // RFC 5952 §4.2.2: a single zero field is not shortened
        for (int start = 0; start < 8; start++) {
            int length = 0;
            while (start + length < 8 && field(start + length) == 0) {
                length++;
            }
            if (length > longestLength) {
                longestStart = start;
                longestLength = length;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == longestStart) {
                text.append("::");
                i += longestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(field(i)));
        }
        return text.toString();
    }

    private int field(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
