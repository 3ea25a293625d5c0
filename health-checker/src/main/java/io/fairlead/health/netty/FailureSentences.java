package io.fairlead.health.netty;

import io.fairlead.health.check.FailureReason;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Netty throws into the operator's words.
 *
 * <p>Netty keeps the errno of a failed connect only as the text of {@code strerror}, so the texts of those that matter here are
 * asked from the same place. ENETUNREACH and EHOSTUNREACH come as one exception without a text.
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

        private static final Map<String, KnownErrno> BY_KERNEL_TEXT =
                Stream.of(values()).collect(Collectors.toUnmodifiableMap(KnownErrno::kernelText, Function.identity()));

        private final int number;
        private final FailureReason reason;
        private final String text;

        KnownErrno(int number, FailureReason reason, String text) {
            this.number = number;
            this.reason = reason;
            this.text = text;
        }

        private String kernelText() {
            return kernelTextOf(new Errors.NativeIoException("", -number, false));
        }

        /** Returns the errno that {@code exception} carries, or null if it is none of these. */
        static @Nullable KnownErrno find(IOException exception) {
            return BY_KERNEL_TEXT.get(kernelTextOf(exception));
        }
    }

    private static final String BEFORE_KERNEL_TEXT = "failed: ";
    private static final Sentence NO_ROUTE = new Sentence(FailureReason.UNREACHABLE, "host or network unreachable");
    private static final Sentence CLOSED = new Sentence(FailureReason.CLOSED, "connection closed");
    private static final Sentence NOT_HTTP = new Sentence(FailureReason.MALFORMED, "malformed answer: not HTTP");

    private FailureSentences() {}

    /** Returns what {@code thrown} means. What is neither the network's doing nor the answer's is a bug of ours. */
    static Sentence of(Throwable thrown) {
        if (thrown instanceof DecoderException) {
            return NOT_HTTP;
        }
        return switch (root(thrown)) {
            case NoRouteToHostException _ -> NO_ROUTE;
            case ClosedChannelException _ -> CLOSED;
            case IOException exception -> {
                KnownErrno errno = KnownErrno.find(exception);
                yield errno == null
                        ? new Sentence(FailureReason.NETWORK, "connection failed: " + kernelTextOf(exception))
                        : new Sentence(errno.reason, errno.text);
            }
            case Throwable other -> new Sentence(FailureReason.OWN_FAULT, "not asked: internal error: " + other);
        };
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

    private static String kernelTextOf(IOException exception) {
        String message = String.valueOf(exception.getMessage());
        int start = message.indexOf(BEFORE_KERNEL_TEXT);
        return start < 0 ? message : message.substring(start + BEFORE_KERNEL_TEXT.length());
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
