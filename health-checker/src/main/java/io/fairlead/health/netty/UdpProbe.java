package io.fairlead.health.netty;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.text.Amount;
import io.fairlead.health.check.BoundedPattern;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.UdpProbeSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Sends one datagram from a connected socket, so that only this server can answer, and so that the kernel tells of the ICMP
 * error with which a host refuses. The first reply decides.
 */
final class UdpProbe implements Probe {

    private final InetSocketAddress remoteAddress;
    private final UdpProbeSpec spec;
    private final byte[] payload;

    UdpProbe(CheckTarget target, UdpProbeSpec spec) {
        this.remoteAddress = Probe.socketAddress(target);
        this.spec = spec;
        this.payload = HexFormat.of().parseHex(spec.payloadHex());
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public ConnectionSpec connection() {
        return spec.connection();
    }

    @Override
    public Channel open(IpFamily family) {
        return new EpollDatagramChannel(Probe.protocolFamily(family));
    }

    @Override
    public void prepare(Channel channel, Attempt attempt) {
        channel.pipeline().addLast(new ReplyReader(attempt));
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(payload), remoteAddress))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        attempt.failed(sent.cause());
                    }
                });
    }

    @Override
    public void timedOut(Attempt attempt) {
        if (spec.requireReply()) {
            attempt.failTimedOut();
        } else {
            attempt.passed("not refused, no reply");
        }
    }

    /** Takes the first reply. Of one attempt. */
    private final class ReplyReader extends AnswerHandler {

        ReplyReader(Attempt attempt) {
            super(attempt);
        }

        @Override
        void read(ChannelHandlerContext context, Object message) {
            ByteBuf content = switch (message) {
                case DatagramPacket packet -> packet.content();
                case ByteBuf bytes -> bytes;
                default -> throw new IllegalStateException("no datagram: " + message.getClass());
            };
            decide(ByteBufUtil.getBytes(content));
        }

        private void decide(byte[] reply) {
            if (spec.expectBytes().isPresent() && !spec.expectBytes().get().startsIn(reply)) {
                attempt()
                        .failed(
                                FailureReason.UNEXPECTED_ANSWER,
                                "reply of " + Amount.of(reply.length, "byte") + " does not begin as expected");
                return;
            }
            if (spec.expectText().isPresent()) {
                BoundedPattern.Outcome outcome =
                        spec.expectText().get().searchIn(new String(reply, StandardCharsets.ISO_8859_1));
                if (outcome != BoundedPattern.Outcome.FOUND) {
                    attempt()
                            .failed(
                                    FailureReason.UNEXPECTED_ANSWER,
                                    outcome == BoundedPattern.Outcome.NOT_FOUND
                                            ? "expected text not in the reply of " + Amount.of(reply.length, "byte")
                                            : "the regular expression takes too many steps on this reply");
                    return;
                }
            }
            attempt().passed("reply of " + Amount.of(reply.length, "byte"));
        }
    }
}
