package io.fairlead.linux.socket;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.KernelTimeoutException;
import io.fairlead.linux.wire.NetlinkChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/** A netlink socket. Owned by one platform thread; a receive blocks it for at most {@link #RECEIVE_TIMEOUT}. */
public final class NetlinkSocket implements NetlinkChannel {

    /** The kernel answers within the send; only a bug or a lost datagram makes anyone wait. */
    public static final Duration RECEIVE_TIMEOUT = Duration.ofSeconds(5);

    /** The protocol of links, addresses and routes, {@code NETLINK_ROUTE}. */
    public static final int ROUTE = 0;

    /** The generic netlink protocol, {@code NETLINK_GENERIC}. */
    public static final int GENERIC = 16;

    /** The protocol of netfilter, {@code NETLINK_NETFILTER}. */
    public static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int MSG_TRUNC = 0x20;
    private static final int SOCKADDR_NL_BYTES = 12;

    /** One refusal takes about 1 KiB of kernel memory: room for those of the largest batch, several times over. */
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;

    /** The kernel builds dumps in datagrams of up to 32 KiB when the reader's buffer has the room. */
    private static final int RECEIVE_BUFFER_BYTES = 64 << 10;

    private final LibC libC;
    private final int fd;
    private final ByteBuffer received =
            ByteBuffer.allocateDirect(RECEIVE_BUFFER_BYTES).order(ByteOrder.nativeOrder());
    private boolean closed;

    private NetlinkSocket(LibC libC, int fd) {
        this.libC = libC;
        this.fd = fd;
    }

    /**
     * Opens a socket in the network namespace of this process.
     *
     * @param protocol a netlink protocol, such as {@link #GENERIC}
     * @throws ErrnoException if the kernel refuses
     */
    public static NetlinkSocket open(int protocol) {
        LibC libC = LibC.instance();
        int fd = libC.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
        if (fd < 0) {
            throw new ErrnoException("open a netlink socket of protocol " + protocol, lastErrno(), "");
        }
        NetlinkSocket socket = new NetlinkSocket(libC, fd);
        try {
            socket.configure();
            return socket;
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
    }

    private void configure() {
        ByteBuffer address = ByteBuffer.allocateDirect(SOCKADDR_NL_BYTES).order(ByteOrder.nativeOrder());
        address.putShort(0, (short) AF_NETLINK);
        if (libC.bind(fd, address, SOCKADDR_NL_BYTES) != 0) {
            throw new ErrnoException("bind a netlink socket", lastErrno(), "");
        }
        ByteBuffer timeout = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        timeout.putLong(0, RECEIVE_TIMEOUT.toSeconds()).putLong(8, 0);
        if (libC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, 16) != 0) {
            throw new ErrnoException("set SO_RCVTIMEO of a netlink socket", lastErrno(), "");
        }
        // What follows only improves: without CAP_NET_ADMIN or on a kernel before 4.12 the socket works all the same.
        option(SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BUFFER_BYTES);
        option(SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER_BYTES);
        option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
        option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
    }

    private void option(int level, int option, int value) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
        libC.setsockopt(fd, level, option, buffer.putInt(0, value), 4);
    }

    @Override
    public void send(ByteBuffer messages) {
        while (true) {
            long sent = libC.send(fd, messages, messages.limit(), 0);
            if (sent == messages.limit()) {
                return;
            }
            int errno = lastErrno();
            if (sent >= 0) {
                throw new IllegalStateException("netlink sent " + sent + " of " + messages.limit() + " bytes");
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("send " + messages.limit() + " bytes by netlink", errno, "");
            }
        }
    }

    @Override
    public ByteBuffer receive() {
        while (true) {
            long length = libC.recv(fd, received.clear(), RECEIVE_BUFFER_BYTES, MSG_TRUNC);
            if (length > RECEIVE_BUFFER_BYTES) {
                throw new ErrnoException("receive a netlink datagram of " + length + " bytes", Errno.EMSGSIZE, "");
            }
            if (length >= 0) {
                return received.limit((int) length);
            }
            int errno = lastErrno();
            if (errno == Errno.EAGAIN) {
                throw new KernelTimeoutException("receive by netlink", RECEIVE_TIMEOUT);
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("receive by netlink", errno, "");
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
