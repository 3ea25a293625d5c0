package io.fairlead.appliance.peers;

import io.fairlead.appliance.loop.LoopView;
import io.fairlead.appliance.state.SharedTerms;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What this appliance says of its real servers, by what peers call them. Pure.
 *
 * @param claims of each real server
 * @param patience how long peers may differ on each before that means anything: they do not ask at the same moment
 */
record OwnClaims(SortedMap<String, HealthClaim> claims, SortedMap<String, Duration> patience) {

    static final OwnClaims NONE = new OwnClaims(new TreeMap<>(), new TreeMap<>());

    private static final Duration PATIENCE_MIN = Duration.ofSeconds(2);

    OwnClaims {
        claims = Collections.unmodifiableSortedMap(claims);
        patience = Collections.unmodifiableSortedMap(patience);
    }

    /**
     * Returns what there is to say now.
     *
     * @param before what was said last: what is as it was began when it began
     */
    static OwnClaims of(LoopView view, Function<CheckTarget, Verdict> verdicts, OwnClaims before, long nowNanos) {
        SortedMap<String, HealthClaim> claims = new TreeMap<>();
        SortedMap<String, Duration> patience = new TreeMap<>();
        for (ConfiguredVirtualServer virtualServer : view.config().virtualServers()) {
            Map<RealServerKey, MemberState> members = view.states()
                    .getOrDefault(virtualServer.spec().key(), PoolState.INITIAL)
                    .members();
            for (int i = 0; i < virtualServer.checks().size(); i++) {
                RealServerSpec realServer = virtualServer.spec().realServers().get(i);
                CheckSet checks = virtualServer.checks().get(i);
                String subject = SharedTerms.subject(
                        new RealServerName(virtualServer.spec().name(), realServer.name()));
                HealthClaim.Health health =
                        SharedTerms.health(checks.verdict(verdicts).health());
                long since = Optional.ofNullable(before.claims.get(subject))
                        .filter(claim -> claim.health() == health)
                        .map(HealthClaim::sinceNanos)
                        .orElse(nowNanos);
                claims.put(subject, new HealthClaim(health, since, started(members, realServer)));
                patience.put(subject, patience(checks));
            }
        }
        return new OwnClaims(claims, patience);
    }

    private static OptionalLong started(Map<RealServerKey, MemberState> members, RealServerSpec realServer) {
        return members.get(realServer.key()) instanceof MemberState.Serving(Optional<MonotonicInstant> rampSince)
                        && rampSince.isPresent()
                ? OptionalLong.of(rampSince.get().nanos())
                : OptionalLong.empty();
    }

    /** Two that count to the same number end at most one probe apart; twice that, as machines may be busy. */
    private static Duration patience(CheckSet checks) {
        Duration longest = PATIENCE_MIN;
        for (CheckTarget target : checks.targets()) {
            CheckSpec spec = target.spec();
            Duration interval =
                    spec.interval().compareTo(spec.intervalDown()) > 0 ? spec.interval() : spec.intervalDown();
            Duration probes = interval.plus(spec.timeout()).multipliedBy(2);
            longest = probes.compareTo(longest) > 0 ? probes : longest;
        }
        return longest;
    }
}
