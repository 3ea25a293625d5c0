package io.fairlead.ha.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * A secret that all peers of a cluster share: 32 random bytes. It seals nothing itself; every start of an appliance gets
 * a key of its own from it, so that counters may begin anew without a nonce ever being used twice (RFC 5869 §3.2).
 */
public final class ClusterKey {

    /** Bytes of a key. */
    public static final int LENGTH = 32;

    private static final byte[] ID_LABEL = "fairlead key id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SALT = "fairlead seal 1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;
    private final int id;

    private ClusterKey(byte[] secret) {
        this.secret = secret;
        this.id = idOf(secret);
    }

    /** Returns the key with these bytes, or nothing if they are not {@link #LENGTH}. */
    static Optional<ClusterKey> of(byte[] secret) {
        return secret.length == LENGTH ? Optional.of(new ClusterKey(secret.clone())) : Optional.empty();
    }

    /**
     * Returns a new key as a line of a key file, without line feed.
     *
     * @param random must be fit for secrets
     */
    public static String generate(RandomGenerator random) {
        byte[] secret = new byte[LENGTH];
        random.nextBytes(secret);
        return Base64.getEncoder().encodeToString(secret);
    }

    /** Returns the number by which a datagram says which key sealed it; tells nothing about the key. */
    public int id() {
        return id;
    }

    /** Returns the key of one start of one appliance. */
    SecretKey derive(String cluster, int sender, long boot) {
        byte[] name = cluster.getBytes(StandardCharsets.UTF_8);
        byte[] context = ByteBuffer.allocate(name.length + 12)
                .putInt(sender)
                .putLong(boot)
                .put(name)
                .array();
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(secret)
                                    .addSalt(SALT)
                                    .thenExpand(context, LENGTH));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HKDF-SHA256", e);
        }
    }

    private static int idOf(byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ID_LABEL);
            return ByteBuffer.wrap(digest.digest(secret)).getInt();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }

    /** Returns the id alone: the secret appears in no text. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(id);
    }
}
