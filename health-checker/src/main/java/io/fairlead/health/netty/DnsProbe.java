package io.fairlead.health.netty;

import io.fairlead.core.net.IpFamily;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.DnsCode;
import io.fairlead.health.check.DnsProbeSpec;
import io.fairlead.health.check.FailureReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryEncoder;
import io.netty.handler.codec.dns.TcpDnsResponseDecoder;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;

/** Asks one question of a name server, by datagram or connection. An answer with another id or question is not heard. */
final class DnsProbe implements Probe {

    /** A message by TCP, with its length; the few that a server may send before the answer. */
    private static final int ANSWER_BYTES_MAX = 2 * 65537;

    private final InetSocketAddress remoteAddress;
    private final DnsProbeSpec spec;
    private final DnsRecordType type;
    private final String name;

    DnsProbe(CheckTarget target, DnsProbeSpec spec) {
        this.remoteAddress = Probe.socketAddress(target);
        this.spec = spec;
        this.type = DnsRecordType.valueOf(spec.recordType().number());
        this.name = spec.name().endsWith(".") ? spec.name() : spec.name() + ".";
    }

    private boolean overUdp() {
        return spec.transport() == DnsProbeSpec.Transport.UDP;
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
        return overUdp() ? new EpollDatagramChannel(Probe.protocolFamily(family)) : Probe.super.open(family);
    }

    @Override
    public void prepare(Channel channel, Attempt attempt) {
        int id = ThreadLocalRandom.current().nextInt(1 << 16);
        if (overUdp()) {
            channel.pipeline()
                    .addLast(new DatagramDnsQueryEncoder())
                    .addLast(new DatagramDnsResponseDecoder(new DnsText.Decoder()));
        } else {
            channel.pipeline()
                    .addLast(new AnswerLimit(attempt, ANSWER_BYTES_MAX))
                    .addLast(new TcpDnsQueryEncoder())
                    .addLast(new TcpDnsResponseDecoder(new DnsText.Decoder(), 65535));
        }
        channel.pipeline().addLast(new AnswerReader(attempt, id));
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        int id = channel.pipeline().get(AnswerReader.class).id;
        DnsQuery query = overUdp() ? new DatagramDnsQuery(null, remoteAddress, id) : new DefaultDnsQuery(id);
        query.setRecursionDesired(true).addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(name, type));
        channel.writeAndFlush(query).addListener(sent -> {
            if (!sent.isSuccess()) {
                attempt.failed(sent.cause());
            }
        });
    }

    /** Takes the answer to the question. Of one attempt. */
    private final class AnswerReader extends AnswerHandler {

        private final int id;

        AnswerReader(Attempt attempt, int id) {
            super(attempt);
            this.id = id;
        }

        @Override
        void read(ChannelHandlerContext context, Object message) {
            if (message instanceof DnsResponse answer && answer.id() == id) {
                decide(answer);
            } else if (message instanceof ByteBuf) {
                throw new IllegalStateException("a datagram that was not decoded");
            }
        }

        private void decide(DnsResponse answer) {
            int code = answer.code().intValue();
            String codeName = DnsCode.name(code);
            if (code != spec.expectCode().number()) {
                attempt()
                        .failed(
                                FailureReason.UNEXPECTED_STATUS,
                                "answer " + codeName + " (expected " + spec.expectCode() + ")");
                return;
            }
            int count = answer.count(DnsSection.ANSWER);
            if (spec.expectAnswer().isEmpty()) {
                attempt().passed(codeName + ", records: " + count);
                return;
            }
            String expected = DnsText.canonical(spec.expectAnswer().get());
            for (int i = 0; i < count; i++) {
                DnsRecord record = answer.recordAt(DnsSection.ANSWER, i);
                if (record instanceof DnsText.TextRecord text
                        && (record.type().equals(type) || type.equals(DnsRecordType.ANY))
                        && text.canonical().equals(expected)) {
                    attempt().passed(codeName + ", expected record found");
                    return;
                }
            }
            attempt()
                    .failed(
                            FailureReason.UNEXPECTED_ANSWER,
                            answer.isTruncated()
                                    ? "expected record not in the answer, which is truncated (transport = tcp may help)"
                                    : "expected record not among the " + count + " of the answer");
        }
    }
}
