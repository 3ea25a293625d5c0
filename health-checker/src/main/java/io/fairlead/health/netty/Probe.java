package io.fairlead.health.netty;

import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.NoProbeSpec;
import io.fairlead.health.check.ProbeSpec;
import io.fairlead.health.check.TcpProbeSpec;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How to ask one target its question over TCP: one type for each of {@link ProbeSpec}. Made once for a target and used for all
 * its attempts, so it keeps what they share and nothing of any one; handlers that keep something are made anew for each.
 * Whatever an implementation throws ends the attempt, not the loop.
 */
sealed interface Probe permits TcpProbe, HttpProbe {

    /** Returns how to ask {@code target}, or null where nothing is asked. */
    static @Nullable Probe of(CheckTarget target) {
        return switch (target.spec().probe()) {
            case NoProbeSpec _ -> null;
            case TcpProbeSpec _ -> new TcpProbe(socketAddress(target));
            case HttpProbeSpec http -> new HttpProbe(socketAddress(target), http, target.address());
        };
    }

    private static InetSocketAddress socketAddress(CheckTarget target) {
        return new InetSocketAddress(
                target.address().address().toInetAddress(), target.address().port());
    }

    InetSocketAddress remoteAddress();

    /** Sets up a channel that is not yet registered. */
    void prepare(Channel channel, Attempt attempt);

    /** Goes on once connected: ends the attempt, or asks. */
    void connected(Channel channel, Attempt attempt);
}
