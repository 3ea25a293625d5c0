package io.fairlead.linux.socket;

import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/**
 * A socket for ICMP echo, not blocking, for an event loop to read and write.
 *
 * <p>Where the system allows it ({@code net.ipv4.ping_group_range}, Linux 3.0, IPv6 3.11) it is a ping socket, which needs
 * no privilege: the kernel sets the identifier and gives it nothing but the answers to it. Elsewhere it is a raw socket,
 * which needs CAP_NET_RAW and gets every echo reply of the host.
 *
 * @param fd owned by whoever takes it
 * @param isRaw whether each IPv4 datagram that is read begins with its IP header, and whether the identifier is ours to set
 */
public record EchoSocket(int fd, boolean isRaw) {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1;
    private static final int ICMPV6_FILTER = 1;
    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMPV6_ECHO_REPLY = 129;

    /**
     * Opens a socket in the network namespace of this process. Platform threads only.
     *
     * @throws ErrnoException if the system allows neither: EACCES for lack of both
     */
    public static EchoSocket open(IpFamily family) {
        LibC libC = LibC.instance();
        int domain = family == IpFamily.IPV4 ? AF_INET : AF_INET6;
        int protocol = family == IpFamily.IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
        int ping = libC.socket(domain, SOCK_DGRAM | SOCK_NONBLOCK_CLOEXEC, protocol);
        if (ping >= 0) {
            return new EchoSocket(ping, false);
        }
        int refusal = lastErrno();
        int raw = libC.socket(domain, SOCK_RAW | SOCK_NONBLOCK_CLOEXEC, protocol);
        if (raw < 0) {
            throw new ErrnoException(
                    "open a socket for ICMP echo (expected: our group in net.ipv4.ping_group_range, or CAP_NET_RAW)",
                    refusal,
                    "");
        }
        if (!takesOnlyReplies(libC, raw, family)) {
            int errno = lastErrno();
            libC.close(raw);
            throw new ErrnoException("filter a raw socket for ICMP echo", errno, "");
        }
        return new EchoSocket(raw, true);
    }

    /** A raw socket would be woken by every neighbour solicitation of the host. A set bit keeps a type out. */
    private static boolean takesOnlyReplies(LibC libC, int fd, IpFamily family) {
        if (family == IpFamily.IPV4) {
            ByteBuffer mask = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
            mask.putInt(0, ~(1 << ICMP_ECHO_REPLY));
            return libC.setsockopt(fd, SOL_RAW, ICMP_FILTER, mask, 4) == 0;
        }
        ByteBuffer mask = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 8; i++) {
            mask.putInt(4 * i, i == ICMPV6_ECHO_REPLY / 32 ? ~(1 << ICMPV6_ECHO_REPLY % 32) : -1);
        }
        return libC.setsockopt(fd, IPPROTO_ICMPV6, ICMPV6_FILTER, mask, 32) == 0;
    }

    /** Must follow the failed call at once, on the same thread. */
    private static int lastErrno() {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }
}
