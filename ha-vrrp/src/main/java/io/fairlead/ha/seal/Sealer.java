package io.fairlead.ha.seal;

import io.fairlead.ha.peer.PeerId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/** Seals what one start of this appliance sends, with one key. For one thread at a time. */
public final class Sealer {

    /** By how many bytes a sealed datagram is longer than what it holds. */
    public static final int OVERHEAD = SealHeader.LENGTH + SealHeader.TAG_LENGTH;

    private final int cluster;
    private final int key;
    private final int sender;
    private final long boot;
    private final SecretKey secret;
    private final Cipher cipher = aesGcm();

    public Sealer(KeyRing ring, String cluster, PeerId self, long boot) {
        this.cluster = SealHeader.clusterNumber(cluster);
        this.key = ring.sending().id();
        this.sender = self.number();
        this.boot = boot;
        this.secret = ring.sending().derive(cluster, sender, boot);
    }

    /**
     * Seals {@code content}, from position to limit, into {@code out} at its position.
     *
     * @param receiver number of the peer; 0: whoever hears it
     * @param counter greater than any before of this boot, in whatever sealer; not negative
     */
    public void seal(SealKind kind, int receiver, long counter, ByteBuffer content, ByteBuffer out) {
        SealHeader header =
                new SealHeader(SealHeader.VERSION, kind.number(), cluster, key, sender, receiver, boot, counter);
        int start = out.position();
        header.write(out);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, secret, header.nonce());
            cipher.updateAAD(out.duplicate().flip().position(start));
            cipher.doFinal(content.duplicate(), out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal " + content.remaining() + " bytes", e);
        }
    }

    static Cipher aesGcm() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES/GCM/NoPadding", e);
        }
    }
}
