package io.fairlead.ha.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.crypto.spec.GCMParameterSpec;

/**
 * What stands readable before the sealed bytes, and is sealed with them. All numbers in network order.
 *
 * <pre>
 * 0  u16 0xFA5E   u8 version   u8 kind
 * 4  u32 cluster: hash of its name, so that a wrong one is told apart from a forgery
 * 8  u32 key id
 * 12 u32 sender   u32 receiver, 0: whoever hears it
 * 20 u64 boot: random number of the sender's process
 * 28 u64 counter: rises with every datagram of a boot
 * 36 ciphertext, as long as the plain text
 *    16 bytes of tag
 * </pre>
 *
 * <p>AES-256-GCM with the boot's own key. The nonce is the counter, behind four zero bytes.
 *
 * @param kind a number of {@link SealKind}
 */
record SealHeader(int version, int kind, int cluster, int key, int sender, int receiver, long boot, long counter) {

    static final int LENGTH = 36;
    static final int TAG_LENGTH = 16;
    static final int VERSION = 1;

    private static final short MAGIC = (short) 0xFA5E;
    private static final int NONCE_LENGTH = 12;

    /** Returns whether the bytes begin like a header of any version. */
    static boolean isOne(ByteBuffer in) {
        return in.getShort(in.position()) == MAGIC;
    }

    /** Reads from the position of {@code in}, which has at least {@link #LENGTH} bytes. */
    static SealHeader read(ByteBuffer in) {
        in.getShort();
        return new SealHeader(
                in.get() & 0xff,
                in.get() & 0xff,
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getLong(),
                in.getLong());
    }

    void write(ByteBuffer out) {
        out.putShort(MAGIC).put((byte) version).put((byte) kind).putInt(cluster).putInt(key);
        out.putInt(sender).putInt(receiver).putLong(boot).putLong(counter);
    }

    GCMParameterSpec nonce() {
        byte[] nonce = new byte[NONCE_LENGTH];
        ByteBuffer.wrap(nonce).putLong(4, counter);
        return new GCMParameterSpec(8 * TAG_LENGTH, nonce);
    }

    /** Returns the number of a cluster's name (FNV-1a). */
    static int clusterNumber(String cluster) {
        int hash = 0x811c9dc5;
        for (byte each : cluster.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x01000193;
        }
        return hash;
    }
}
