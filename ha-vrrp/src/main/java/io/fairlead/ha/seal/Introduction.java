package io.fairlead.ha.seal;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.peer.PeerId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a challenge and its proof hold: the number asked about, and who says it where. The address is sealed, so that no
 * answer goes to the source of a datagram that somebody else has sent again.
 *
 * <pre>
 * 0  u64 u64 nonce   u8 length of the name, the name   u8 length of the address, the address   u16 port
 *    More may follow; it is skipped.
 * </pre>
 */
public record Introduction(Nonce nonce, PeerId peer, IpAddress address, int port) {

    /** The most bytes of one. */
    public static final int LENGTH_MAX = 16 + 1 + 63 + 1 + 16 + 2;

    /** A number that was never asked about before: 128 random bits. */
    public record Nonce(long high, long low) {}

    /** Writes it at the position of {@code out}. */
    public void write(ByteBuffer out) {
        byte[] name = peer.name().getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = address.toBytes();
        out.putLong(nonce.high).putLong(nonce.low);
        out.put((byte) name.length).put(name);
        out.put((byte) bytes.length).put(bytes).putShort((short) port);
    }

    /** Reads from position to limit of {@code in}; nothing if that is no introduction. */
    static Optional<Introduction> read(ByteBuffer in) {
        try {
            Nonce nonce = new Nonce(in.getLong(), in.getLong());
            PeerId peer = new PeerId(new String(bytes(in), StandardCharsets.US_ASCII));
            IpAddress address = IpAddress.ofBytes(bytes(in));
            return Optional.of(new Introduction(nonce, peer, address, in.getShort() & 0xffff));
        } catch (BufferUnderflowException | IllegalArgumentException _) { // counted by the caller
            return Optional.empty();
        }
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.get() & 0xff];
        in.get(bytes);
        return bytes;
    }
}
