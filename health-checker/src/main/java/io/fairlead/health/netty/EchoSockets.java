package io.fairlead.health.netty;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.socket.EchoSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The sockets for ICMP echo: one for each address family, opened when first needed and shared by all targets. A request
 * carries a number of its own in its payload, drawn at random so that nobody can guess it; the reply that carries it is the
 * answer, if it comes from the address asked. Confined to the loop.
 *
 * <pre>
 *   type (1) | code (1) | checksum (2) | identifier (2) | sequence (2) | our number (8) | zeros
 * </pre>
 */
final class EchoSockets {

    private static final int HEADER_BYTES = 8;
    private static final int NUMBER_BYTES = 8;
    private static final int ICMP_ECHO = 8;
    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMPV6_ECHO = 128;
    private static final int ICMPV6_ECHO_REPLY = 129;
    private static final int IDENTIFIER = 0xfa1d; // the kernel puts its own there, unless the socket is raw

    private final EventLoop loop;
    private final Map<IpFamily, Channel> channels = new EnumMap<>(IpFamily.class);
    private final Map<Long, EchoAttempt> waiting = new HashMap<>();
    private int sequence;

    EchoSockets(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Sends a request for {@code attempt}, whose answer or refusal it is told.
     *
     * @throws io.fairlead.core.kernel.ErrnoException if this host may not
     */
    void ask(EchoAttempt attempt, IpFamily family, InetAddress address, int payloadBytes) {
        Channel channel = channel(family);
        long number = ThreadLocalRandom.current().nextLong();
        attempt.waitsUnder(number);
        waiting.put(number, attempt);
        ByteBuf request = channel.alloc().ioBuffer(HEADER_BYTES + payloadBytes);
        request.writeByte(family == IpFamily.IPV4 ? ICMP_ECHO : ICMPV6_ECHO)
                .writeByte(0)
                .writeShort(0)
                .writeShort(IDENTIFIER)
                .writeShort(sequence++)
                .writeLong(number)
                .writeZero(payloadBytes - NUMBER_BYTES);
        if (family == IpFamily.IPV4) { // of ICMPv6 the kernel computes it, as it covers the addresses
            request.setShort(2, checksum(request));
        }
        channel.writeAndFlush(new DatagramPacket(request, new InetSocketAddress(address, 0)))
                .addListener(sent -> {
                    if (sent.cause() != null) {
                        attempt.failed(sent.cause());
                    }
                });
    }

    void forget(long number) {
        waiting.remove(number);
    }

    private Channel channel(IpFamily family) {
        Channel open = channels.get(family);
        if (open != null && open.isOpen()) {
            return open;
        }
        EchoSocket socket = EchoSocket.open(family);
        Channel channel = new EpollDatagramChannel(socket.fd());
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2048));
        channel.config().setOption(ChannelOption.SO_RCVBUF, 1 << 20);
        channel.pipeline().addLast(new ReplyReader(family, socket.isRaw() && family == IpFamily.IPV4));
        loop.register(channel);
        channels.put(family, channel);
        return channel;
    }

    /** The Internet checksum, RFC 1071. */
    static int checksum(ByteBuf bytes) {
        long sum = 0;
        int end = bytes.writerIndex();
        for (int i = bytes.readerIndex(); i + 1 < end; i += 2) {
            sum += bytes.getUnsignedShort(i);
        }
        if ((bytes.readableBytes() & 1) != 0) {
            sum += bytes.getUnsignedByte(end - 1) << 8;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) ~sum & 0xffff;
    }

    void close() {
        channels.values().forEach(Channel::close);
        channels.clear();
    }

    /** Takes the replies of one socket. What is not an answer to us is not heard. */
    private final class ReplyReader extends SimpleChannelInboundHandler<DatagramPacket> {

        private final int type;
        private final boolean behindIpHeader;

        ReplyReader(IpFamily family, boolean behindIpHeader) {
            this.type = family == IpFamily.IPV4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY;
            this.behindIpHeader = behindIpHeader;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            ByteBuf reply = packet.content();
            if (behindIpHeader && reply.isReadable()) {
                reply.skipBytes(Math.min(reply.readableBytes(), 4 * (reply.getByte(reply.readerIndex()) & 0x0f)));
            }
            if (reply.readableBytes() < HEADER_BYTES + NUMBER_BYTES || reply.readUnsignedByte() != type) {
                return;
            }
            EchoAttempt attempt = waitingFor(reply.getLong(reply.readerIndex() - 1 + HEADER_BYTES));
            if (attempt != null && attempt.asked(packet.sender().getAddress())) {
                attempt.answered();
            }
        }

        private @Nullable EchoAttempt waitingFor(long number) {
            return waiting.get(number);
        }

        /** An error of the socket, such as a host that is unreachable, names no request: the one it is of times out. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.channel().read();
        }
    }
}
