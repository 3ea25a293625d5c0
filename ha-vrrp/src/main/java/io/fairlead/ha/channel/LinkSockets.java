package io.fairlead.ha.channel;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/** Opens the sockets of a link. All have the port of the link, so one rule in a firewall does. */
final class LinkSockets {

    private static final int BUFFER_BYTES = 512 * 1024;
    /** Network control (RFC 4594 §3.1), as routing protocols use. */
    private static final int TRAFFIC_CLASS = 48 << 2;

    private final LinkSpec spec;

    LinkSockets(LinkSpec spec) {
        this.spec = spec;
    }

    /** Receives from whoever has no socket of its own. */
    DatagramChannel listening() throws IOException {
        return open(socketAddress(spec.bindAddress()));
    }

    /** Sends to one peer, receives from it, and is told when nobody listens there. */
    DatagramChannel connected(InetSocketAddress peer) throws IOException {
        DatagramChannel channel = listening();
        try {
            channel.connect(peer);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Receives what is sent to the group. */
    DatagramChannel multicast(IpAddress group) throws IOException {
        DatagramChannel channel = open(new InetSocketAddress(group.toInetAddress(), spec.port()));
        try {
            var _ = channel.join(group.toInetAddress(), networkInterface());
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Prepares a socket to send to the group; the datagrams stay on the link. */
    void letMulticast(DatagramChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, networkInterface());
        channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
    }

    private DatagramChannel open(InetSocketAddress local) throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                spec.bindAddress().family() == IpFamily.IPV4
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            // Shared among our own sockets; unlike SO_REUSEADDR it keeps other users' programs out.
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.IP_TOS, TRAFFIC_CLASS);
            return channel.bind(local);
        } catch (IOException | UnsupportedOperationException e) {
            channel.close();
            throw e;
        }
    }

    InetSocketAddress socketAddress(IpAddress address) throws IOException {
        InetAddress plain = address.toInetAddress();
        if (plain instanceof Inet6Address linkLocal && linkLocal.isLinkLocalAddress()) {
            plain = Inet6Address.getByAddress(null, linkLocal.getAddress(), networkInterface());
        }
        return new InetSocketAddress(plain, spec.port());
    }

    private NetworkInterface networkInterface() throws SocketException {
        NetworkInterface found = spec.networkInterface().isPresent()
                ? NetworkInterface.getByName(spec.networkInterface().get())
                : NetworkInterface.getByInetAddress(spec.bindAddress().toInetAddress());
        if (found == null) {
            throw new SocketException("no interface " + spec.networkInterface().orElse("with " + spec.bindAddress()));
        }
        return found;
    }
}
