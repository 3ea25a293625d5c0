package io.fairlead.ha.peer;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The name of one appliance among its peers, as configured; the order of names is the last tie-break everywhere.
 *
 * @param name 1 to 63 characters: letters, digits, dot, colon, hyphen, underscore, so that any IP address is a name; begins
 *     with a letter, a digit or a colon
 */
public record PeerId(String name) implements Comparable<PeerId> {

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9.:_-]{0,62}");

    public PeerId {
        if (!VALID.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name of a peer: expected 1 to 63 letters, digits, '.', ':', '-' or '_',"
                            + " of which the first is a letter, a digit or ':'");
        }
    }

    /**
     * Returns the 32 bits that stand for this peer in a datagram (FNV-1a of the name, never 0). The directory of peers
     * refuses two names with the same number.
     */
    public int number() {
        int hash = 0x811c9dc5;
        for (byte each : name.getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash ^ (each & 0xff)) * 0x01000193;
        }
        return hash == 0 ? 1 : hash;
    }

    @Override
    public int compareTo(PeerId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
