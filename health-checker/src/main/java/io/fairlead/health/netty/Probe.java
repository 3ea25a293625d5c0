package io.fairlead.health.netty;

import io.fairlead.core.net.IpFamily;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.DnsProbeSpec;
import io.fairlead.health.check.GrpcProbeSpec;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.NetworkProbeSpec;
import io.fairlead.health.check.SmtpProbeSpec;
import io.fairlead.health.check.TcpProbeSpec;
import io.fairlead.health.check.TlsProbeSpec;
import io.fairlead.health.check.UdpProbeSpec;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetSocketAddress;

/**
 * How to ask one target its question: one type for each of {@link NetworkProbeSpec}. Made once for a target and used for all
 * its attempts, so it keeps what they share and nothing of any one; handlers that keep something are made anew for each.
 * Whatever an implementation throws ends the attempt, not the loop.
 */
sealed interface Probe permits TcpProbe, TlsProbe, HttpProbe, GrpcProbe, UdpProbe, DnsProbe, SmtpProbe {

    /** Returns how to ask {@code target} what {@code question} says. */
    static Probe of(CheckTarget target, NetworkProbeSpec question, TlsContexts contexts) {
        return switch (question) {
            case TcpProbeSpec tcp -> new TcpProbe(socketAddress(target), tcp.connection());
            case TlsProbeSpec tls -> new TlsProbe(target, tls, contexts);
            case HttpProbeSpec http -> new HttpProbe(target, http, contexts);
            case GrpcProbeSpec grpc -> new GrpcProbe(target, grpc, contexts);
            case UdpProbeSpec udp -> new UdpProbe(target, udp);
            case DnsProbeSpec dns -> new DnsProbe(target, dns);
            case SmtpProbeSpec smtp -> new SmtpProbe(target, smtp, contexts);
        };
    }

    static InetSocketAddress socketAddress(CheckTarget target) {
        return new InetSocketAddress(
                target.address().address().toInetAddress(), target.address().port());
    }

    InetSocketAddress remoteAddress();

    ConnectionSpec connection();

    /** Returns a new channel, not yet registered: TCP, unless the question goes by datagram. */
    default Channel open(IpFamily family) {
        return new EpollSocketChannel(protocolFamily(family));
    }

    static SocketProtocolFamily protocolFamily(IpFamily family) {
        return family == IpFamily.IPV4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /** Sets up a channel that is not yet registered. */
    void prepare(Channel channel, Attempt attempt);

    /** Goes on once connected: ends the attempt, or asks. */
    void connected(Channel channel, Attempt attempt);

    /** Ends the attempt, whose time has passed. */
    default void timedOut(Attempt attempt) {
        attempt.failTimedOut();
    }
}
