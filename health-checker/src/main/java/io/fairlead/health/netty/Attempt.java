package io.fairlead.health.netty;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One probe from its socket to its verdict. Ends exactly once, by whatever comes first: a verdict of the {@link Probe}, a
 * failure of the connection, the time-out; the channel is closed then and what comes later is not heard. Confined to the loop.
 *
 * <p>The channel is made and registered by hand: a {@code Bootstrap} would clone its options and ask a resolver each time.
 */
final class Attempt implements ChannelFutureListener, Runnable {

    /** Shared, as it keeps nothing: the adaptive default would grow a buffer for a server that sends much. */
    private static final FixedRecvByteBufAllocator RECEIVE = new FixedRecvByteBufAllocator(4096);

    private final RunningCheck check;
    private final Probe probe;
    private final MonotonicInstant startedAt;
    private @Nullable EpollSocketChannel channel;
    private boolean connected;
    private boolean answering;
    private boolean over;

    Attempt(RunningCheck check, Probe probe, MonotonicInstant startedAt) {
        this.check = check;
        this.probe = probe;
        this.startedAt = startedAt;
    }

    /** Connects. The attempt may be over when this returns. */
    void start(EventLoop loop) {
        try {
            Duration timeout = check.target().spec().timeout();
            check.expectWithin(timeout, this);
            EpollSocketChannel opened = new EpollSocketChannel(
                    check.target().address().address().family() == IpFamily.IPV4
                            ? SocketProtocolFamily.INET
                            : SocketProtocolFamily.INET6);
            channel = opened;
            opened.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0); // ours is over the whole probe
            opened.config().setRecvByteBufAllocator(RECEIVE);
            probe.prepare(opened, this);
            ChannelFuture registration = loop.register(opened);
            if (registration.cause() != null) {
                failed(registration.cause());
                return;
            }
            opened.connect(probe.remoteAddress()).addListener(this);
        } catch (Throwable t) { // a check that fell silent here would never be made again
            failed(t);
        }
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
            // Whoever closes first keeps the port in TIME_WAIT for a minute: leave by a reset instead.
            ((EpollSocketChannel) connection.channel()).config().setSoLinger(0);
            probe.connected(connection.channel(), this);
        } catch (Throwable t) {
            failed(t);
        }
    }

    /** The time-out has passed. */
    @Override
    public void run() {
        Duration timeout = check.target().spec().timeout();
        failed(FailureReason.TIMED_OUT, FailureSentences.timedOut(connected, answering, timeout));
    }

    /** Notes that some of the answer has come, for the sentence that a failure would need. */
    void answerBegins() {
        answering = true;
    }

    boolean isAnswering() {
        return answering;
    }

    void passed(String detail) {
        if (!over) {
            MonotonicInstant now = close();
            check.ended(new CheckResult.Passed(now.since(startedAt), detail), now);
        }
    }

    void failed(FailureReason reason, String detail) {
        if (!over) {
            MonotonicInstant now = close();
            check.ended(new CheckResult.Failed(reason, detail, now.since(startedAt)), now);
        }
    }

    void failed(Throwable cause) {
        if (!over) {
            FailureSentences.Sentence sentence = FailureSentences.of(cause);
            failed(sentence.reason(), sentence.text());
        }
    }

    /** Ends without a verdict. */
    void abandon() {
        if (!over) {
            MonotonicInstant _ = close();
        }
    }

    private MonotonicInstant close() {
        over = true;
        MonotonicInstant now = check.now();
        EpollSocketChannel opened = channel;
        if (opened != null) {
            if (opened.isRegistered()) {
                ChannelFuture _ = opened.close();
            } else {
                opened.unsafe().closeForcibly();
            }
        }
        return now;
    }
}
