package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FailureReason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One probe from its socket to its verdict. Ends exactly once, by whatever comes first: a verdict of the {@link Probe}, a
 * failure of the connection, the time-out; the channel is closed then and what comes later is not heard. Confined to the loop.
 *
 * <p>The channel is made and registered by hand: a {@code Bootstrap} would clone its options and ask a resolver each time.
 */
final class Attempt implements OpenProbe, ChannelFutureListener, Runnable {

    /** Shared, as it keeps nothing: the adaptive default would grow a buffer for a server that sends much. */
    private static final FixedRecvByteBufAllocator RECEIVE = new FixedRecvByteBufAllocator(4096);

    private final Asker asker;
    private final Probe probe;
    private final EventLoop loop;
    private final MonotonicInstant startedAt;
    private @Nullable Channel channel;
    private boolean connected;
    private boolean answering;
    private boolean over;
    private Optional<Instant> certificateExpires = Optional.empty();

    Attempt(Asker asker, Probe probe, EventLoop loop, MonotonicInstant startedAt) {
        this.asker = asker;
        this.probe = probe;
        this.loop = loop;
        this.startedAt = startedAt;
    }

    /** Connects. */
    @Override
    public void start() {
        try {
            ConnectionSpec connection = probe.connection();
            asker.expectWithin(connectTimeout(), this);
            Channel opened = probe.open(asker.target().address().address().family());
            channel = opened;
            opened.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0); // ours is over the whole probe
            opened.config().setRecvByteBufAllocator(RECEIVE);
            if (!connection.isDefault() && !SocketSetup.apply(connection, opened, this)) {
                return;
            }
            probe.prepare(opened, this);
            ChannelFuture registration = loop.register(opened);
            if (registration.cause() != null) {
                failed(registration.cause());
                return;
            }
            if (!connection.isDefault() && !SocketSetup.bind(connection, opened, this)) {
                return;
            }
            opened.connect(probe.remoteAddress()).addListener(this);
        } catch (Throwable t) { // a check that fell silent here would never be made again
            failed(t);
        }
    }

    private Duration timeout() {
        return asker.target().spec().timeout();
    }

    private Duration connectTimeout() {
        return probe.connection().connectTimeoutWithin(timeout());
    }

    /** The connection is made, or is not. */
    @Override
    public void operationComplete(ChannelFuture connection) {
        if (over) {
            return;
        }
        if (connection.cause() != null) {
            failed(connection.cause());
            return;
        }
        connected = true;
        try {
            if (probe.connection().connectTimeout().isPresent()) {
                asker.expectWithin(timeout().minus(asker.now().since(startedAt)), this);
            }
            if (connection.channel() instanceof SocketChannel socket) {
                // Whoever closes first keeps the port in TIME_WAIT for a minute: leave by a reset instead.
                socket.config().setSoLinger(0);
            }
            probe.connected(connection.channel(), this);
        } catch (Throwable t) {
            failed(t);
        }
    }

    /** The time-out has passed. */
    @Override
    public void run() {
        if (connected) {
            probe.timedOut(this);
        } else {
            failTimedOut();
        }
    }

    void failTimedOut() {
        Duration allowed = connected ? timeout() : connectTimeout();
        failed(FailureReason.TIMED_OUT, FailureSentences.timedOut(connected, answering, allowed));
    }

    /** Notes that some of the answer has come, for the sentence that a failure would need. */
    void answerBegins() {
        answering = true;
    }

    boolean isAnswering() {
        return answering;
    }

    boolean isOver() {
        return over;
    }

    /** Notes when the certificate that was shown expires. */
    void certificateExpires(Instant when) {
        certificateExpires = Optional.of(when);
    }

    void passed(String detail) {
        if (!over) {
            MonotonicInstant now = close();
            asker.ended(new CheckResult.Passed(now.since(startedAt), detail, certificateExpires), now);
        }
    }

    void failed(FailureReason reason, String detail) {
        if (!over) {
            MonotonicInstant now = close();
            asker.ended(new CheckResult.Failed(reason, detail, now.since(startedAt), certificateExpires), now);
        }
    }

    void failed(Throwable cause) {
        if (!over) {
            FailureSentences.Sentence sentence = FailureSentences.of(cause);
            failed(sentence.reason(), sentence.text());
        }
    }

    @Override
    public void abandon() {
        if (!over) {
            MonotonicInstant _ = close();
        }
    }

    /** At the socket: handlers that would say goodbye first, as TLS does, could be kept waiting by who does not read. */
    private MonotonicInstant close() {
        over = true;
        MonotonicInstant now = asker.now();
        Channel opened = channel;
        if (opened != null) {
            if (opened.isRegistered()) {
                opened.unsafe().close(opened.voidPromise());
            } else {
                opened.unsafe().closeForcibly();
            }
        }
        return now;
    }
}
