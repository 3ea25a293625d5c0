package io.fairlead.health.netty;

import io.fairlead.health.check.FailureReason;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Netty throws into the operator's words.
 *
 * <p>Netty keeps the errno of a failed connect only inside the message, as {@code finishConnect(..) failed with error(-111):
 * Connection refused}. ENETUNREACH and EHOSTUNREACH come as one exception without either.
 */
final class FailureSentences {

    /** A failure without its time. */
    record Sentence(FailureReason reason, String text) {}

    /** Those errno that mean something to the operator. Numbers of x86-64 and AArch64, {@code asm-generic/errno.h}. */
    private enum KnownErrno {
        EPERM(1, FailureReason.NETWORK, "connection forbidden by a rule of this host"),
        ENOMEM(12, FailureReason.OWN_FAULT, "not asked: this host has no memory for a socket"),
        EACCES(13, FailureReason.NETWORK, "connection forbidden by a rule of this host"),
        ENFILE(23, FailureReason.OWN_FAULT, "not asked: this host has no free file descriptor"),
        EMFILE(24, FailureReason.OWN_FAULT, "not asked: this process has no free file descriptor"),
        EPIPE(32, FailureReason.RESET, "connection reset"),
        EADDRNOTAVAIL(99, FailureReason.OWN_FAULT, "not asked: this host has no free port"),
        ENETDOWN(100, FailureReason.UNREACHABLE, "network down"),
        ECONNABORTED(103, FailureReason.RESET, "connection aborted"),
        ECONNRESET(104, FailureReason.RESET, "connection reset"),
        ENOBUFS(105, FailureReason.OWN_FAULT, "not asked: this host has no buffer for a socket"),
        ETIMEDOUT(110, FailureReason.TIMED_OUT, "no answer until the kernel gave up"),
        ECONNREFUSED(111, FailureReason.REFUSED, "connection refused");

        private static final Map<Integer, KnownErrno> BY_NUMBER =
                Stream.of(values()).collect(Collectors.toUnmodifiableMap(errno -> errno.number, Function.identity()));

        private final int number;
        private final FailureReason reason;
        private final String text;

        KnownErrno(int number, FailureReason reason, String text) {
            this.number = number;
            this.reason = reason;
            this.text = text;
        }

        /** Returns the errno that {@code exception} carries, or null if it carries none of these. */
        static @Nullable KnownErrno find(IOException exception) {
            if (exception instanceof Errors.NativeIoException nativeException) {
                return BY_NUMBER.get(-nativeException.expectedErr());
            }
            Matcher matcher = ERRNO_IN_MESSAGE.matcher(String.valueOf(exception.getMessage()));
            return matcher.find() ? BY_NUMBER.get(Integer.parseInt(matcher.group(1))) : null;
        }
    }

    private static final Pattern ERRNO_IN_MESSAGE = Pattern.compile("error\\(-([0-9]{1,4})\\)");
    private static final Pattern ALERT = Pattern.compile("fatal alert: ([a-z_]+)");
    private static final int SHOWN_MAX = 80;
    private static final Sentence PORT_UNREACHABLE =
            new Sentence(FailureReason.REFUSED, "refused: port unreachable (ICMP)");
    private static final Sentence NO_ROUTE = new Sentence(FailureReason.UNREACHABLE, "host or network unreachable");
    private static final Sentence CLOSED = new Sentence(FailureReason.CLOSED, "connection closed");
    private static final Sentence NOT_TLS = new Sentence(FailureReason.TLS, "server does not speak TLS");
    private static final Sentence NOT_HTTP2 = new Sentence(FailureReason.MALFORMED, "malformed answer: not HTTP/2");
    private static final Sentence TOO_LONG = new Sentence(FailureReason.MALFORMED, "malformed answer: too long");
    private static final Sentence MALFORMED =
            new Sentence(FailureReason.MALFORMED, "malformed answer: not in the protocol asked for");

    private FailureSentences() {}

    /** Returns what {@code thrown} means. What is neither the network's doing nor the answer's is a bug of ours. */
    static Sentence of(Throwable thrown) {
        Optional<RefusedCertificateException> certificate = RefusedCertificateException.in(thrown);
        if (certificate.isPresent()) {
            return new Sentence(FailureReason.CERTIFICATE, certificate.get().sentence());
        }
        if (thrown instanceof PortUnreachableException) {
            return PORT_UNREACHABLE; // with ECONNREFUSED as its cause, which would speak of a connection
        }
        return switch (root(thrown)) {
            case NotSslRecordException _ -> NOT_TLS;
            case SSLException exception -> tls(exception);
            case Http2Exception _ -> NOT_HTTP2;
            case TooLongFrameException _ -> TOO_LONG;
            case Throwable _ when thrown instanceof DecoderException -> MALFORMED;
            case NoRouteToHostException _ -> NO_ROUTE;
            case ClosedChannelException _ -> CLOSED;
            case IOException exception -> {
                KnownErrno errno = KnownErrno.find(exception);
                yield errno == null
                        ? new Sentence(FailureReason.NETWORK, "connection failed: " + exception.getMessage())
                        : new Sentence(errno.reason, errno.text);
            }
            case Throwable other -> new Sentence(FailureReason.OWN_FAULT, "not asked: internal error: " + other);
        };
    }

    private static Sentence tls(SSLException exception) {
        String alert = String.valueOf(exception.getMessage());
        Matcher matcher = ALERT.matcher(alert);
        if (matcher.find()) {
            return new Sentence(FailureReason.TLS, "TLS refused by the server: " + matcher.group(1));
        }
        return new Sentence(FailureReason.TLS, "TLS handshake failed: " + printable(alert));
    }

    /** Returns {@code text} from the network as it may be shown: bounded, without signs that would disturb a terminal. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(SHOWN_MAX, text.length()); i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return shown.append(text.length() > SHOWN_MAX ? "..." : "").toString();
    }

    /** Returns the sentence for a probe that was at this stage when its {@code timeout} had passed. */
    static String timedOut(boolean connected, boolean answering, Duration timeout) {
        String stage = answering ? "no complete answer" : connected ? "no answer" : "no connection";
        return stage + " within " + text(timeout);
    }

    /** Returns {@code 2 s}, {@code 1.5 s}, {@code 250 ms}. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        String fraction = "%03d".formatted(millis % 1000).replaceAll("0+$", "");
        return millis / 1000 + (fraction.isEmpty() ? "" : "." + fraction) + " s";
    }

    /** Netty wraps a failed connect to add the address, and a failed socket in an unchecked exception. */
    private static Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
