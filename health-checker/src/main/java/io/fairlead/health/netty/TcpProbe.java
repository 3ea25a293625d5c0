package io.fairlead.health.netty;

import io.fairlead.health.check.ConnectionSpec;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/**
 * Passes once connected. Reads nothing: a greeting of the server stays in the kernel and goes with the reset. Only where the
 * connection is a special one: {@link ConnectAttempt} does the same for less.
 */
record TcpProbe(InetSocketAddress remoteAddress, ConnectionSpec connection) implements Probe {

    static final String CONNECTED = "connected";

    @Override
    public void prepare(Channel channel, Attempt attempt) {
        channel.config().setAutoRead(false);
    }

    @Override
    public void connected(Channel channel, Attempt attempt) {
        attempt.passed(CONNECTED);
    }
}
