package io.fairlead.health.netty;

import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.TlsProbeSpec;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Passes once the handshake has succeeded. */
final class TlsProbe implements Probe {

    private final InetSocketAddress remoteAddress;
    private final ConnectionSpec connection;
    private final TlsClient tls;

    TlsProbe(CheckTarget target, TlsProbeSpec spec, TlsContexts contexts) {
        this.remoteAddress = Probe.socketAddress(target);
        this.connection = spec.connection();
        this.tls = new TlsClient(spec.tls(), Optional.empty(), target, false, contexts);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public ConnectionSpec connection() {
        return connection;
    }

    @Override
    public void prepare(Channel channel, Attempt attempt) {
        tls.prepare(channel, attempt, 0);
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        tls.secure(channel, attempt, protocol -> attempt.passed("handshake done, " + protocol));
    }
}
