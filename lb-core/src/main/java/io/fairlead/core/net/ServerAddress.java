package io.fairlead.core.net;

import java.util.regex.Pattern;

/**
 * An address and a port, ordered by address and then by port.
 *
 * @param port 0..65535; 0 stands for every port where IPVS allows that (persistent virtual servers, firewall marks)
 */
public record ServerAddress(IpAddress address, int port) implements Comparable<ServerAddress> {

    /** Decimal digits without sign or leading zero, and few enough to be a number. */
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

    public ServerAddress {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " (expected: 0..65535)");
        }
    }

    /**
     * Parses {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    public static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has no port (expected: ADDRESS:PORT or [ADDRESS]:PORT)");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.indexOf(':') >= 0 && !bracketed) {
            throw new IllegalArgumentException("\"" + text + "\" is ambiguous (expected: [ADDRESS]:PORT for IPv6)");
        }
        if (!PORT.matcher(text.substring(colon + 1)).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has no port (expected: 0..65535 after the last colon)");
        }
        IpAddress address = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        if (bracketed && address.family() == IpFamily.IPV4) {
            throw new IllegalArgumentException("\"" + text + "\" has brackets (expected: ADDRESS:PORT for IPv4)");
        }
        return new ServerAddress(address, Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public int compareTo(ServerAddress other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return address.family() == IpFamily.IPV4 ? address + ":" + port : "[" + address + "]:" + port;
    }
}
