package io.fairlead.health.check;

import java.util.Optional;

/**
 * How to speak TLS. Files are PEM and are read again when they change.
 *
 * @param verify whether the certificate must be signed by a trusted authority, be valid now and be for {@code serverName}
 * @param serverName the name asked for (SNI) and expected in the certificate; empty for the name of the check if it has one,
 *     else the address
 * @param caFile the authorities to trust; empty for those of the system
 * @param certificateFile the chain that we show if asked; empty for none
 * @param keyFile its private key, PKCS #8, not encrypted; present together with {@code certificateFile}
 */
public record TlsSpec(
        boolean verify,
        Optional<String> serverName,
        Optional<String> caFile,
        Optional<String> certificateFile,
        Optional<String> keyFile) {

    /** Verified against the authorities of the system. */
    public static final TlsSpec DEFAULT =
            new TlsSpec(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public TlsSpec {
        if (certificateFile.isPresent() != keyFile.isPresent()) {
            throw new IllegalArgumentException(
                    "certificate file " + certificateFile + ", key file " + keyFile + " (expected: both or neither)");
        }
    }
}
