package io.fairlead.health.netty;

import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.SmtpProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.smtp.SmtpResponse;
import io.netty.handler.codec.smtp.SmtpResponseDecoder;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the greeting and says EHLO (RFC 5321 §3.2); with STARTTLS begins TLS and says it again (RFC 3207 §4.2). Does not say
 * QUIT: the connection is reset like that of every probe, as a server that is slow to part must not be waited for.
 */
final class SmtpProbe implements Probe {

    private static final int ANSWER_BYTES_MAX = 16384;
    private static final int LINE_BYTES_MAX = 1024; // RFC 5321 §4.5.3.1.5 says 512

    private final InetSocketAddress remoteAddress;
    private final SmtpProbeSpec spec;
    private final String expected;
    private final @Nullable TlsClient tls;

    SmtpProbe(CheckTarget target, SmtpProbeSpec spec, TlsContexts contexts) {
        this.remoteAddress = Probe.socketAddress(target);
        this.spec = spec;
        this.expected = spec.expectStatus().stream()
                .map(StatusRange::toString)
                .collect(Collectors.joining(", ", " (expected ", ")"));
        this.tls = spec.tls()
                .map(settings -> new TlsClient(settings, Optional.empty(), target, false, contexts))
                .orElse(null);
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
    public void prepare(Channel channel, Attempt attempt) {
        if (tls != null && spec.security() == SmtpProbeSpec.Security.TLS) {
            tls.prepare(channel, attempt, ANSWER_BYTES_MAX);
        } else {
            // Those of a handshake come on top.
            channel.pipeline().addLast(new AnswerLimit(attempt, ANSWER_BYTES_MAX + (tls == null ? 0 : 1 << 17)));
            converse(channel, attempt, Step.GREETING);
        }
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        if (tls != null && spec.security() == SmtpProbeSpec.Security.TLS) {
            tls.secure(channel, attempt, _ -> converse(channel, attempt, Step.GREETING));
        }
    }

    private void converse(Channel channel, Attempt attempt, Step first) {
        channel.pipeline().addLast(new SmtpResponseDecoder(LINE_BYTES_MAX)).addLast(new Conversation(attempt, first));
    }

    /** What the next answer is to. */
    private enum Step {
        GREETING("greeting"),
        EHLO("EHLO"),
        STARTTLS("STARTTLS"),
        SECURE_EHLO("EHLO after STARTTLS");

        private final String text;

        Step(String text) {
            this.text = text;
        }
    }

    /** Answers each answer by the next command. Of one attempt. */
    private final class Conversation extends AnswerHandler {

        private Step step;

        Conversation(Attempt attempt, Step first) {
            super(attempt);
            this.step = first;
        }

        @Override
        void read(ChannelHandlerContext context, Object message) {
            if (!(message instanceof SmtpResponse answer)) {
                return;
            }
            if (!HttpProbe.isExpected(spec.expectStatus(), answer.code())) {
                attempt()
                        .failed(
                                FailureReason.UNEXPECTED_STATUS,
                                step.text + " answered by " + answer.code() + expected);
                return;
            }
            switch (step) {
                case GREETING -> say(context, Step.EHLO, "EHLO " + spec.heloName());
                case EHLO -> {
                    if (spec.security() != SmtpProbeSpec.Security.STARTTLS) {
                        attempt().passed("EHLO answered by " + answer.code());
                    } else if (answer.details().stream()
                            .noneMatch(line -> line.toString()
                                    .strip()
                                    .toUpperCase(Locale.ROOT)
                                    .equals("STARTTLS"))) {
                        attempt().failed(FailureReason.TLS, "server does not offer STARTTLS");
                    } else {
                        say(context, Step.STARTTLS, "STARTTLS");
                    }
                }
                case STARTTLS -> secure(context.channel());
                case SECURE_EHLO -> attempt().passed("EHLO answered by " + answer.code() + ", with TLS");
            }
        }

        private void say(ChannelHandlerContext context, Step next, String line) {
            step = next;
            ByteBuf bytes = ByteBufUtil.writeAscii(context.alloc(), line + "\r\n");
            context.writeAndFlush(bytes, context.voidPromise());
        }

        /** The decoder goes: what it may hold was sent in the clear and must not be taken for secured (CVE-2011-0411). */
        private void secure(Channel channel) {
            if (tls == null) {
                throw new IllegalStateException("STARTTLS without settings of TLS");
            }
            channel.config().setAutoRead(false);
            channel.pipeline().remove(this);
            channel.pipeline().remove(SmtpResponseDecoder.class);
            tls.secure(channel, attempt(), _ -> {
                Conversation secured = new Conversation(attempt(), Step.SECURE_EHLO);
                channel.pipeline()
                        .addLast(new SmtpResponseDecoder(LINE_BYTES_MAX))
                        .addLast(secured);
                secured.begin(channel);
            });
        }

        private void begin(Channel channel) {
            channel.writeAndFlush(
                    ByteBufUtil.writeAscii(channel.alloc(), "EHLO " + spec.heloName() + "\r\n"), channel.voidPromise());
        }
    }
}
