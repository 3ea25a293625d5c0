package io.fairlead.conf;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.TransportProtocol;

/** The names that operators give to servers: what fits into a command line, a label and a log line without quoting. */
final class Names {

    private static final int LENGTH_MAX = 64;

    private Names() {}

    /** Adds a problem unless {@code name}, written at {@code key}, is a good name. */
    static void check(Section section, String key, String name) {
        if (!isGood(name)) {
            section.error(
                    key,
                    "name " + Section.quoted(name)
                            + " (expected: a letter or digit, then up to 63 of A-Z a-z 0-9 . _ : [ ] -)");
        }
    }

    /** {@code [A-Za-z0-9][A-Za-z0-9._:\[\]-]{0,63}}. */
    private static boolean isGood(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX || !isAlphanumeric(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            if (!isAlphanumeric(name.charAt(i)) && "._:[]-".indexOf(name.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    static String of(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP -> "tcp";
            case UDP -> "udp";
            case SCTP -> "sctp";
        };
    }

    static String of(IpFamily family) {
        return switch (family) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }
}
