package io.fairlead.appliance.peers;

import io.fairlead.appliance.state.SharedTerms;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.ha.shared.HealthClaims;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How far the masters are with the slow starts of real servers, by what they say. Pure. What the master calls unhealthy, or says
 * nothing of, is left out, and so is everything of virtual servers whose master is this appliance or nobody.
 */
final class MasterRamps {

    /** Messages take their time, and each says how long ago something began. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private MasterRamps() {}

    /** @param before what was found last: what is about the same stays the same */
    static Map<RealServerName, MemberState.Serving> of(
            List<ConfiguredVirtualServer> virtualServers,
            HealthClaims claims,
            Function<ConfiguredVirtualServer, Optional<PeerId>> master,
            Map<RealServerName, MemberState.Serving> before) {
        Map<RealServerName, MemberState.Serving> found = new HashMap<>();
        for (ConfiguredVirtualServer virtualServer : virtualServers) {
            if (virtualServer.spec().policy().slowStart().isZero()) {
                continue;
            }
            SortedMap<String, HealthClaim> said = master.apply(virtualServer)
                    .map(peer -> claims.byPeer().getOrDefault(peer, new TreeMap<>()))
                    .orElseGet(TreeMap::new);
            for (RealServerSpec realServer : virtualServer.spec().realServers()) {
                RealServerName name = new RealServerName(virtualServer.spec().name(), realServer.name());
                Optional.ofNullable(said.get(SharedTerms.subject(name)))
                        .filter(claim -> claim.health() == HealthClaim.Health.HEALTHY)
                        .ifPresent(claim -> found.put(
                                name, steady(serving(claim.startedNanos()), Optional.ofNullable(before.get(name)))));
            }
        }
        return found;
    }

    private static MemberState.Serving serving(OptionalLong startedNanos) {
        return new MemberState.Serving(
                startedNanos.isPresent()
                        ? Optional.of(new MonotonicInstant(startedNanos.getAsLong()))
                        : Optional.empty());
    }

    private static MemberState.Serving steady(MemberState.Serving now, Optional<MemberState.Serving> before) {
        return before.filter(last -> last.rampSince().isPresent()
                        && now.rampSince().isPresent()
                        && last.rampSince()
                                        .get()
                                        .since(now.rampSince().get())
                                        .abs()
                                        .compareTo(TOLERANCE)
                                < 0)
                .orElse(now);
    }
}
