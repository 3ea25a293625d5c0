package io.fairlead.linux.socket;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import jnr.ffi.LastError;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A packet socket: it sends Ethernet frames, and receives those that it was opened to {@linkplain #listen listen} for, or none.
 * Owned by one platform thread.
 */
public final class PacketSocket implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SOCK_FPROG_BYTES = 16;
    private static final int SOCK_FILTER_BYTES = 8;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;

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
     * An instruction of a filter in the kernel, {@code struct sock_filter}: the words of classic BPF.
     *
     * @param whenTrue how many instructions a comparison skips if it holds, 0 to 255
     * @param whenFalse how many it skips if not
     */
    public record FilterInstruction(int code, int whenTrue, int whenFalse, int operand) {}

    /**
     * Opens a socket that receives what comes in by one interface, and passes a filter: nothing else ever, and nothing that
     * came before.
     *
     * @param protocol as in the header of the frames, such as 0x0806
     * @throws ErrnoException if the kernel refuses, as where there is no such interface
     */
    public static PacketSocket listen(int interfaceIndex, int protocol, List<FilterInstruction> filter) {
        PacketSocket socket = open();
        try {
            socket.attach(filter); // before it is bound, so that nothing comes in unfiltered
            ByteBuffer address = address(interfaceIndex, protocol);
            if (socket.libC.bind(socket.fd, address, SOCKADDR_LL_BYTES) != 0) {
                throw new ErrnoException("listen on interface " + interfaceIndex, lastErrno(), "");
            }
            return socket;
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
    }

    private void attach(List<FilterInstruction> filter) {
        Pointer program = Memory.allocateDirect(Runtime.getSystemRuntime(), filter.size() * SOCK_FILTER_BYTES, true);
        for (int i = 0; i < filter.size(); i++) {
            FilterInstruction each = filter.get(i);
            long at = (long) i * SOCK_FILTER_BYTES;
            program.putShort(at, (short) each.code());
            program.putByte(at + 2, (byte) each.whenTrue());
            program.putByte(at + 3, (byte) each.whenFalse());
            program.putInt(at + 4, each.operand());
        }
        ByteBuffer description = ByteBuffer.allocateDirect(SOCK_FPROG_BYTES).order(ByteOrder.nativeOrder());
        description.putShort(0, (short) filter.size()).putLong(8, program.address());
        try {
            if (libC.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, description, SOCK_FPROG_BYTES) != 0) {
                throw new ErrnoException("filter a packet socket", lastErrno(), "");
            }
        } finally {
            Reference.reachabilityFence(program);
        }
    }

    /** Waits until one of {@code sockets} may have received something, or the time is over. */
    public static void await(List<PacketSocket> sockets, Duration timeout) {
        ByteBuffer descriptors =
                ByteBuffer.allocateDirect(sockets.size() * POLLFD_BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < sockets.size(); i++) {
            descriptors.putInt(i * POLLFD_BYTES, sockets.get(i).fd);
            descriptors.putShort(i * POLLFD_BYTES + 4, POLLIN);
        }
        int millis = (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(Math.max(0, timeout.toNanos()), 1_000_000));
        if (LibC.instance().poll(descriptors, sockets.size(), millis) < 0) {
            int errno = lastErrno();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("wait for frames", errno, "");
            }
        }
    }

    /**
     * Receives a frame into {@code into}, from its beginning; what does not fit is lost.
     *
     * @return false if there is none now
     */
    public boolean receive(ByteBuffer into) {
        while (true) {
            long length = libC.recv(fd, into.clear(), into.capacity(), MSG_DONTWAIT);
            if (length >= 0) {
                into.limit((int) length);
                return true;
            }
            int errno = lastErrno();
            if (errno == Errno.EAGAIN) {
                return false;
            }
            if (errno != Errno.EINTR && errno != Errno.ENETDOWN) { // that one is told once, and then what came before
                throw new ErrnoException("receive a frame", errno, "");
            }
        }
    }

    /**
     * Makes a frame ready.
     *
     * @param protocol as in its header, such as 0x0806
     */
    public Frame frame(byte[] frame, int interfaceIndex, int protocol) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        ByteBuffer destination = address(interfaceIndex, protocol);
        destination.put(11, (byte) 6).put(12, frame, 0, 6);
        return new Frame(bytes, destination);
    }

    private static ByteBuffer address(int interfaceIndex, int protocol) {
        ByteBuffer address = ByteBuffer.allocateDirect(SOCKADDR_LL_BYTES).order(ByteOrder.nativeOrder());
        address.putShort(0, (short) AF_PACKET);
        address.put(2, (byte) (protocol >> 8)).put(3, (byte) protocol);
        return address.putInt(4, interfaceIndex);
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
