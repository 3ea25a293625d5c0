package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.health.check.FailureReason;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.DecoderException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureSentencesTest {

    @BeforeAll
    static void loadNativeLibrary() {
        Epoll.ensureAvailability(); // Netty's errno come from it
    }

    private static void assertSentence(Throwable thrown, FailureReason reason, String text) {
        assertThat(FailureSentences.of(thrown)).isEqualTo(new FailureSentences.Sentence(reason, text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " 24 | OWN_FAULT | not asked: this process has no free file descriptor",
                " 99 | OWN_FAULT | not asked: this host has no free port",
                "104 | RESET     | connection reset",
                "111 | REFUSED   | connection refused",
                "110 | TIMED_OUT | no answer until the kernel gave up",
                " 71 | NETWORK   | connection failed: read(..) failed with error(-71): Protocol error",
            })
    void errnoIsPutIntoTheOperatorsWordsHoweverNettyWrapsIt(int errno, FailureReason reason, String text) {
        Errors.NativeIoException plain = new Errors.NativeIoException("read", -errno);
        ConnectException connect = new ConnectException(plain.getMessage() + ": /192.0.2.1:80");
        connect.initCause(new ConnectException(plain.getMessage()));

        assertSentence(plain, reason, text);
        assertSentence(new ChannelException(plain), reason, text);
        assertSentence(connect, reason, text);
    }

    @Test
    void exceptionsWithoutErrnoAreToldByTheirType() {
        assertSentence(new NoRouteToHostException(), FailureReason.UNREACHABLE, "host or network unreachable");
        assertSentence(new ClosedChannelException(), FailureReason.CLOSED, "connection closed");
        assertSentence(
                new DecoderException(new IllegalStateException("x")),
                FailureReason.MALFORMED,
                "malformed answer: not in the protocol asked for");
    }

    @Test
    void bugOfOursIsNotBlamedOnTheRealServer() {
        assertSentence(
                new IllegalStateException("no such thing"),
                FailureReason.OWN_FAULT,
                "not asked: internal error: java.lang.IllegalStateException: no such thing");
    }

    @ParameterizedTest
    @CsvSource({"1, 1 ms", "250, 250 ms", "999, 999 ms", "1000, 1 s", "1500, 1.5 s", "2050, 2.05 s", "60000, 60 s"})
    void durationsReadAsWritten(long millis, String text) {
        assertThat(FailureSentences.text(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void timeOutSaysHowFarTheProbeCame() {
        Duration timeout = Duration.ofSeconds(2);

        assertThat(FailureSentences.timedOut(false, false, timeout)).isEqualTo("no connection within 2 s");
        assertThat(FailureSentences.timedOut(true, false, timeout)).isEqualTo("no answer within 2 s");
        assertThat(FailureSentences.timedOut(true, true, timeout)).isEqualTo("no complete answer within 2 s");
    }
}
