package io.fairlead.linux.wire;

import java.nio.ByteBuffer;

/** Carries datagrams to the kernel and back. Not safe for use by several threads. */
public interface NetlinkChannel extends AutoCloseable {

    /** Sends everything from position 0 to the limit of a direct buffer in one datagram. */
    void send(ByteBuffer messages);

    /**
     * Waits for the next datagram.
     *
     * @return its messages from position 0 to the limit; valid until the next call
     */
    ByteBuffer receive();

    @Override
    void close();
}
