package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is made and reset, with nothing said: the most frequent of all probes, so on a bare socket in the loop's
 * epoll, and on the same one as many before it. A channel would cost a pipeline, an identity, a configuration and more system
 * calls, and all of it for one event. Confined to the loop.
 */
final class ConnectAttempt implements OpenProbe, ConnectSocket.User, Runnable {

    private final Asker asker;
    private final InetSocketAddress remoteAddress;
    private final ConnectSockets sockets;
    private final Duration timeout;
    private final MonotonicInstant startedAt;
    private @Nullable ConnectSocket socket;
    private boolean over;

    /** @param timeout after which there must be a connection */
    ConnectAttempt(
            Asker asker,
            InetSocketAddress remoteAddress,
            ConnectSockets sockets,
            Duration timeout,
            MonotonicInstant startedAt) {
        this.asker = asker;
        this.remoteAddress = remoteAddress;
        this.sockets = sockets;
        this.timeout = timeout;
        this.startedAt = startedAt;
    }

    @Override
    public void start() {
        try {
            asker.expectWithin(timeout, this);
            ConnectSocket taken = sockets.take(
                    Probe.protocolFamily(asker.target().address().address().family()));
            socket = taken;
            taken.connect(remoteAddress, this);
        } catch (Throwable t) { // a check that fell silent here would never be made again
            failed(t);
        }
    }

    @Override
    public void connected() {
        if (over) {
            return;
        }
        over = true;
        MonotonicInstant now = asker.now();
        giveBack();
        asker.ended(new CheckResult.Passed(now.since(startedAt), TcpProbe.CONNECTED), now);
    }

    /** A connect to a link-local address binds a socket to its interface for ever (tcp_v6_connect). */
    private void giveBack() {
        ConnectSocket used = socket;
        if (used == null) {
            return;
        }
        if (remoteAddress.getAddress().isLinkLocalAddress()) {
            used.close();
        } else {
            sockets.giveBack(used);
        }
    }

    /** The time-out has passed. */
    @Override
    public void run() {
        failed(FailureReason.TIMED_OUT, FailureSentences.timedOut(false, false, timeout));
    }

    @Override
    public void failed(Throwable cause) {
        FailureSentences.Sentence sentence = FailureSentences.of(cause);
        failed(sentence.reason(), sentence.text());
    }

    private void failed(FailureReason reason, String detail) {
        if (!over) {
            MonotonicInstant now = asker.now();
            abandon();
            asker.ended(new CheckResult.Failed(reason, detail, now.since(startedAt)), now);
        }
    }

    /** A socket whose connection came to nothing is not used again: it may have answers under way. */
    @Override
    public void abandon() {
        if (!over) {
            over = true;
            ConnectSocket used = socket;
            if (used != null) {
                used.close();
            }
        }
    }
}
