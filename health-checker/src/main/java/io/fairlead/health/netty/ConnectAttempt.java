package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that is made and reset, with nothing said: the most frequent of all probes, so on a bare socket in the loop's
 * epoll. A channel would cost a pipeline, an identity, a configuration and four more system calls, and all of it for one
 * event. Confined to the loop.
 */
final class ConnectAttempt implements OpenProbe, EpollIoHandle, Runnable {

    private static final Logger log = LoggerFactory.getLogger(ConnectAttempt.class);

    /** Not blocking, and closed when a program is started. */
    private static final class ProbeSocket extends Socket {
        ProbeSocket(SocketProtocolFamily family) {
            super(newSocketStream0(family));
        }
    }

    private final Asker asker;
    private final InetSocketAddress remoteAddress;
    private final IoEventLoop loop;
    private final Duration timeout;
    private final MonotonicInstant startedAt;
    private @Nullable Socket socket;
    private @Nullable IoRegistration registration;
    private boolean over;

    /** @param timeout after which there must be a connection */
    ConnectAttempt(
            Asker asker,
            InetSocketAddress remoteAddress,
            IoEventLoop loop,
            Duration timeout,
            MonotonicInstant startedAt) {
        this.asker = asker;
        this.remoteAddress = remoteAddress;
        this.loop = loop;
        this.timeout = timeout;
        this.startedAt = startedAt;
    }

    @Override
    public void start() {
        try {
            asker.expectWithin(timeout, this);
            Socket opened = new ProbeSocket(
                    Probe.protocolFamily(asker.target().address().address().family()));
            socket = opened;
            opened.setSoLinger(0); // whoever closes first keeps the port in TIME_WAIT for a minute: leave by a reset
            if (opened.connect(remoteAddress)) {
                passed();
                return;
            }
            Future<IoRegistration> registering = loop.register(this);
            IoRegistration registered = registering.getNow();
            if (registered == null) {
                throw new IllegalStateException("not registered", registering.cause());
            }
            registration = registered;
            registered.submit(EpollIoOps.EPOLLOUT);
        } catch (Throwable t) { // a check that fell silent here would never be made again
            failed(t);
        }
    }

    @Override
    public FileDescriptor fd() {
        Socket opened = socket;
        if (opened == null) {
            throw new IllegalStateException("no socket yet");
        }
        return opened;
    }

    /** The connection is made, or is not. */
    @Override
    public void handle(IoRegistration registered, IoEvent event) {
        Socket opened = socket;
        if (over || opened == null) {
            return;
        }
        try {
            if (opened.finishConnect()) {
                passed();
            }
        } catch (Throwable t) {
            failed(t);
        }
    }

    /** The time-out has passed. */
    @Override
    public void run() {
        failed(FailureReason.TIMED_OUT, FailureSentences.timedOut(false, false, timeout));
    }

    private void passed() {
        if (!over) {
            MonotonicInstant now = letGo();
            asker.ended(new CheckResult.Passed(now.since(startedAt), TcpProbe.CONNECTED), now);
        }
    }

    private void failed(Throwable cause) {
        FailureSentences.Sentence sentence = FailureSentences.of(cause);
        failed(sentence.reason(), sentence.text());
    }

    private void failed(FailureReason reason, String detail) {
        if (!over) {
            MonotonicInstant now = letGo();
            asker.ended(new CheckResult.Failed(reason, detail, now.since(startedAt)), now);
        }
    }

    @Override
    public void abandon() {
        if (!over) {
            MonotonicInstant _ = letGo();
        }
    }

    /** Called when the loop ends. */
    @Override
    public void close() {
        abandon();
    }

    private MonotonicInstant letGo() {
        over = true;
        MonotonicInstant now = asker.now();
        Socket opened = socket;
        if (opened != null) {
            try {
                opened.close(); // which takes it out of the epoll too
            } catch (IOException e) {
                log.debug("close of a probe to {}", remoteAddress, e);
            }
        }
        IoRegistration registered = registration;
        if (registered != null) {
            registered.cancel();
        }
        return now;
    }
}
