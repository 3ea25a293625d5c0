package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FileProbeSpec;
import io.fairlead.health.check.IcmpProbeSpec;
import io.fairlead.health.check.NetworkProbeSpec;
import io.fairlead.health.check.NoProbeSpec;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.check.TcpProbeSpec;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How to ask one target its question. Made once for a target and used for all its probes. */
@FunctionalInterface
interface ProbeOpener {

    OpenProbe open(Asker asker, MonotonicInstant now);

    /** Returns how to ask {@code target}, or null where nothing is asked. */
    static @Nullable ProbeOpener of(CheckTarget target, ProbeContext context) {
        return switch (target.spec().probe()) {
            case NoProbeSpec _ -> null;
            case ScriptProbeSpec script -> (asker, now) -> new ScriptAttempt(asker, script, context, now);
            case FileProbeSpec file -> (asker, now) -> new FileAttempt(asker, file, context, now);
            case IcmpProbeSpec icmp -> (asker, now) -> new EchoAttempt(asker, icmp, context, now);
            case TcpProbeSpec tcp
            when tcp.connection().isDefault() -> {
                InetSocketAddress remoteAddress = Probe.socketAddress(target);
                Duration timeout =
                        tcp.connection().connectTimeoutWithin(target.spec().timeout());
                yield (asker, now) -> new ConnectAttempt(asker, remoteAddress, context.connectSockets(), timeout, now);
            }
            case NetworkProbeSpec network -> {
                Probe probe = Probe.of(target, network, context.tlsContexts());
                yield (asker, now) -> new Attempt(asker, probe, context.loop(), now);
            }
        };
    }
}
