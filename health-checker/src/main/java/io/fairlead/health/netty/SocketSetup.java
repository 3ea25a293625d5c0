package io.fairlead.health.netty;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link ConnectionSpec} to a socket. What the kernel refuses is a fault of this host or its configuration, never of
 * the real server: SO_MARK needs CAP_NET_ADMIN, and so does SO_BINDTODEVICE before Linux 5.7 or on a socket that is bound.
 */
final class SocketSetup {

    /** {@code asm-generic/socket.h}, the same on x86-64 and AArch64. */
    private static final int SOL_SOCKET = 1;

    private static final int INTERFACE_BYTES = 16; // IFNAMSIZ
    private static final int ANY_PORT = 9;
    private static final IntegerUnixChannelOption SO_MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, 36);
    private static final RawUnixChannelOption SO_BINDTODEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, 25, INTERFACE_BYTES);

    private SocketSetup() {}

    /** Applies what must come before the channel is registered. Returns false if the attempt has failed by it. */
    static boolean apply(ConnectionSpec spec, Channel channel, Attempt attempt) {
        if (spec.mark() != 0 && !set(channel, SO_MARK, (int) spec.mark())) {
            return refused(attempt, "firewall mark " + spec.mark() + " not allowed, CAP_NET_ADMIN is missing");
        }
        if (spec.sourceInterface().isPresent()) {
            String name = spec.sourceInterface().get();
            ByteBuffer bytes = ByteBuffer.allocateDirect(INTERFACE_BYTES);
            bytes.put(name.getBytes(StandardCharsets.ISO_8859_1)).clear();
            if (!set(channel, SO_BINDTODEVICE, bytes)) {
                return refused(attempt, "interface " + name + " not there or not allowed");
            }
        }
        if (spec.sourceAddress().isPresent() || spec.through().isPresent()) {
            // A free port is chosen for the connection, not kept for the address.
            channel.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        return true;
    }

    /** Binds a registered channel. Returns false if the attempt has failed by it. */
    static boolean bind(ConnectionSpec spec, Channel channel, Attempt attempt) {
        if (spec.sourceAddress().isPresent()) {
            IpAddress source = spec.sourceAddress().get();
            return bind(channel, source.toInetAddress())
                    || refused(attempt, "source address " + source + " is not one of this host");
        }
        if (spec.through().isPresent()) {
            IpAddress realServer = spec.through().get();
            return bind(channel, sourceTowards(realServer)) || refused(attempt, "no route to " + realServer);
        }
        return true;
    }

    private static boolean bind(Channel channel, @Nullable InetAddress source) {
        return source != null && channel.bind(new InetSocketAddress(source, 0)).isSuccess();
    }

    /**
     * Returns which of our addresses the routes choose towards {@code address}, or null without a route. On the host that has
     * the virtual IP address the kernel would choose that very address for a connection to it, and the real server would
     * answer itself. Connecting a UDP socket sends nothing and asks the routes.
     */
    private static @Nullable InetAddress sourceTowards(IpAddress address) {
        try (DatagramChannel asking = DatagramChannel.open(
                address.family() == IpFamily.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            asking.connect(new InetSocketAddress(address.toInetAddress(), ANY_PORT));
            return asking.getLocalAddress() instanceof InetSocketAddress local ? local.getAddress() : null;
        } catch (IOException _) {
            return null;
        }
    }

    private static <T> boolean set(Channel channel, io.netty.channel.ChannelOption<T> option, T value) {
        try {
            return channel.config().setOption(option, value);
        } catch (ChannelException _) {
            return false;
        }
    }

    private static boolean refused(Attempt attempt, String why) {
        attempt.failed(FailureReason.OWN_FAULT, "not asked: " + why);
        return false;
    }
}
