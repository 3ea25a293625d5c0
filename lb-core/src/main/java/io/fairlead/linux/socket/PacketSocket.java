package io.fairlead.linux.socket;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/** A packet socket that sends Ethernet frames and receives none. Owned by one platform thread. */
public final class PacketSocket implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKADDR_LL_BYTES = 20;

    private final LibC libC;
    private final int fd;
    private boolean closed;

    private PacketSocket(LibC libC, int fd) {
        this.libC = libC;
        this.fd = fd;
    }

    /** A frame and where it leaves, ready for any number of sends. */
    public static final class Frame {
        private final ByteBuffer bytes;
        private final ByteBuffer destination;

        private Frame(ByteBuffer bytes, ByteBuffer destination) {
            this.bytes = bytes;
            this.destination = destination;
        }
    }

    /**
     * Opens a socket in the network namespace of this process.
     *
     * @throws ErrnoException if the kernel refuses
     */
    public static PacketSocket open() {
        LibC libC = LibC.instance();
        int fd = libC.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0); // protocol 0: nothing is received
        if (fd < 0) {
            int errno = lastErrno();
            throw new ErrnoException("open a packet socket", errno, errno == Errno.EPERM ? "needs CAP_NET_RAW" : "");
        }
        return new PacketSocket(libC, fd);
    }

    /**
     * Makes a frame ready.
     *
     * @param protocol as in its header, such as 0x0806
     */
    public Frame frame(byte[] frame, int interfaceIndex, int protocol) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        ByteBuffer destination = ByteBuffer.allocateDirect(SOCKADDR_LL_BYTES).order(ByteOrder.nativeOrder());
        destination.putShort(0, (short) AF_PACKET);
        destination.put(2, (byte) (protocol >> 8)).put(3, (byte) protocol);
        destination.putInt(4, interfaceIndex);
        destination.put(11, (byte) 6).put(12, frame, 0, 6);
        return new Frame(bytes, destination);
    }

    /** Sends a frame without waiting; returns 0, or the error number if the kernel refuses. */
    public int send(Frame frame) {
        while (true) {
            long sent = libC.sendto(
                    fd, frame.bytes, frame.bytes.limit(), MSG_DONTWAIT, frame.destination, SOCKADDR_LL_BYTES);
            if (sent >= 0) {
                return 0;
            }
            int errno = lastErrno();
            if (errno != Errno.EINTR) {
                return errno;
            }
        }
    }

    /** Must follow the failed call at once, on the same thread. */
    private static int lastErrno() {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libC.close(fd);
        }
    }
}
