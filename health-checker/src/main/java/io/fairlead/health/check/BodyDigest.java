package io.fairlead.health.check;

import java.util.HexFormat;
import java.util.Locale;

/**
 * The digest of a body without its headers. MD5 is what keepalived's {@code digest} holds: it tells whether a page has
 * changed, not whether somebody forged it.
 *
 * @param hex in lower case, of the algorithm's length
 */
public record BodyDigest(Algorithm algorithm, String hex) {

    /** In the JDK's spelling. */
    public enum Algorithm {
        MD5("MD5", 16),
        SHA256("SHA-256", 32);

        private final String jdkName;
        private final int lengthBytes;

        Algorithm(String jdkName, int lengthBytes) {
            this.jdkName = jdkName;
            this.lengthBytes = lengthBytes;
        }

        public String jdkName() {
            return jdkName;
        }
    }

    public BodyDigest {
        hex = hex.toLowerCase(Locale.ROOT);
        if (HexFormat.of().parseHex(hex).length != algorithm.lengthBytes) {
            throw new IllegalArgumentException(
                    "digest \"" + hex + "\" (expected: " + 2 * algorithm.lengthBytes + " hexadecimal digits)");
        }
    }

    /** Returns the digest that {@code hex} can only be: MD5 of 32 digits, SHA-256 of 64. */
    public static BodyDigest parse(String hex) {
        return new BodyDigest(hex.length() == 32 ? Algorithm.MD5 : Algorithm.SHA256, hex);
    }
}
