package io.fairlead.health.netty;

import io.fairlead.core.net.IpAddress;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.TlsSpec;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Turns the connections of one probe into TLS. */
final class TlsClient {

    /** A handshake with the longest chain that the JDK takes stays far below; what follows has a bound of its own. */
    private static final int HANDSHAKE_BYTES_MAX = 1 << 17;

    private final String peerName;
    private final int peerPort;
    private final boolean http2;
    private final TlsContexts.Shared context;

    /**
     * @param host the Host of the request, whose name is expected in the certificate unless {@code spec} says otherwise
     * @param http2 whether to agree on HTTP/2 by ALPN, or fail
     */
    TlsClient(TlsSpec spec, Optional<String> host, CheckTarget target, boolean http2, TlsContexts contexts) {
        this.peerName = spec.serverName()
                .or(() -> host.map(TlsClient::withoutPort))
                .orElseGet(() -> target.address().address().toString());
        this.peerPort = target.address().port();
        this.http2 = http2;
        this.context = contexts.of(spec, http2);
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 || colon != host.lastIndexOf(':') ? host : host.substring(0, colon);
    }

    /**
     * Sets up a channel that is not yet registered and is to begin with TLS: nothing is read before.
     *
     * @param answerBytesMax how much may be read beside the handshake
     */
    void prepare(Channel channel, Attempt attempt, int answerBytesMax) {
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(new AnswerLimit(attempt, HANDSHAKE_BYTES_MAX + answerBytesMax))
                .addLast(new EndOfHandshake(attempt));
    }

    /** Makes the handshake on a connected channel, then tells {@code then} the version of TLS, unless the attempt is over. */
    void secure(Channel channel, Attempt attempt, Consumer<String> then) {
        context.use(channel.eventLoop(), loaded -> {
            if (attempt.isOver()) {
                return;
            }
            switch (loaded) {
                case TlsContexts.Loaded.Ready(SslContext ready) -> handshake(ready, channel, attempt, then);
                case TlsContexts.Loaded.Unusable(String why) ->
                    attempt.failed(FailureReason.OWN_FAULT, "not asked: " + why);
            }
        });
    }

    private void handshake(SslContext ready, Channel channel, Attempt attempt, Consumer<String> then) {
        try {
            SslHandler handler = ready.newHandler(channel.alloc(), peerName, peerPort, context.executor());
            if (isName(peerName)) {
                SSLParameters parameters = handler.engine().getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(peerName))); // also a name without a dot
                handler.engine().setSSLParameters(parameters);
            }
            handler.setHandshakeTimeoutMillis(0); // ours is over the whole probe
            handler.handshakeFuture().addListener(done -> {
                if (attempt.isOver()) {
                    return;
                }
                if (!done.isSuccess()) {
                    noteRefusedCertificate(done.cause(), attempt);
                    attempt.failed(done.cause());
                    return;
                }
                SSLSession session = handler.engine().getSession();
                noteCertificate(session, attempt);
                session.invalidate(); // a resumed session would not show its certificate again
                String protocol = handler.applicationProtocol();
                if (http2 && !"h2".equals(protocol)) {
                    attempt.failed(FailureReason.TLS, "server does not speak HTTP/2 (it did not choose h2 by ALPN)");
                    return;
                }
                try {
                    if (channel.pipeline().get(EndOfHandshake.class) != null) {
                        channel.pipeline().remove(EndOfHandshake.class);
                    }
                    then.accept(session.getProtocol());
                } catch (RuntimeException e) {
                    attempt.failed(e);
                }
            });
            if (channel.pipeline().get(AnswerLimit.class) == null) {
                channel.pipeline().addFirst(handler);
            } else {
                channel.pipeline()
                        .addAfter(channel.pipeline().context(AnswerLimit.class).name(), null, handler);
            }
            channel.config().setAutoRead(true);
        } catch (RuntimeException e) {
            attempt.failed(e);
        }
    }

    private static void noteCertificate(SSLSession session, Attempt attempt) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate leaf) {
                attempt.certificateExpires(leaf.getNotAfter().toInstant());
            }
        } catch (SSLPeerUnverifiedException _) {
            // no certificate was shown: nothing to tell
        }
    }

    private static void noteRefusedCertificate(Throwable cause, Attempt attempt) {
        RefusedCertificateException.in(cause).ifPresent(refused -> attempt.certificateExpires(refused.expires()));
    }

    /** Returns whether {@code text} is a name rather than an address: only names are asked for (RFC 6066 §3). */
    private static boolean isName(String text) {
        try {
            IpAddress.parse(text);
            return false;
        } catch (IllegalArgumentException _) {
            return true;
        }
    }

    /** Hears of a connection that ends before the handshake has begun: the handler of TLS tells only of its own. */
    private static final class EndOfHandshake extends ChannelInboundHandlerAdapter {

        private final Attempt attempt;

        EndOfHandshake(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            attempt.failed(FailureReason.CLOSED, "connection closed in the TLS handshake");
            context.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            attempt.failed(cause);
        }
    }
}
