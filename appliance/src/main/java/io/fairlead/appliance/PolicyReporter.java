package io.fairlead.appliance;

import io.fairlead.appliance.admin.StatusReport.DrainLine;
import io.fairlead.appliance.admin.StatusReport.LeavingLine;
import io.fairlead.appliance.admin.StatusReport.MemberLine;
import io.fairlead.appliance.admin.StatusReport.PoolLine;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.SorryServer;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the policy makes of virtual servers and real servers.
 *
 * @param wall the time of day when the loop gave the view
 */
record PolicyReporter(LoopView view, Instant wall) {

    PoolLine pool(VirtualServerSpec spec, Map<RealServerKey, RealServerStats> stats) {
        PoolState state = view.states().getOrDefault(spec.key(), PoolState.INITIAL);
        Set<RealServerKey> configured = new HashSet<>();
        for (RealServerSpec realServer : spec.realServers()) {
            configured.add(realServer.key());
        }
        return new PoolLine(
                state.quorum().name().toLowerCase(Locale.ROOT),
                spec.policy()
                        .sorryServer()
                        .map(SorryServer::realServer)
                        .map(server -> server.key().toString())
                        .orElse(null),
                view.isSorry(spec),
                drains(state, stats, configured));
    }

    MemberLine member(VirtualServerSpec spec, RealServerSpec realServer) {
        OperatorOverride override = view.overrides()
                .getOrDefault(new RealServerName(spec.name(), realServer.name()), OperatorOverride.NONE);
        @Nullable
        MemberState member = view.states()
                .getOrDefault(spec.key(), PoolState.INITIAL)
                .members()
                .get(realServer.key());
        @Nullable String phase = null;
        @Nullable String until = null;
        if (member instanceof MemberState.Draining drain) {
            phase = "draining";
            until = time(drain.deadline());
        } else if (member instanceof MemberState.Drained) {
            phase = "drained";
        } else if (member instanceof MemberState.Serving(var rampSince) && rampSince.isPresent()) {
            phase = "starting";
            until = time(rampSince.get().plus(spec.policy().slowStart()));
        }
        return new MemberLine(
                override.state().configName(),
                override.weight().isPresent() ? (Integer) override.weight().getAsInt() : null,
                phase,
                until);
    }

    /** @param stats what the kernel counts for a virtual server now */
    List<LeavingLine> leaving(Function<VirtualServerKey, Map<RealServerKey, RealServerStats>> stats) {
        return view.leaving().stream()
                .sorted()
                .map(key -> new LeavingLine(
                        key.toString(),
                        drains(view.states().getOrDefault(key, PoolState.INITIAL), stats.apply(key), Set.of())))
                .toList();
    }

    private List<DrainLine> drains(
            PoolState state, Map<RealServerKey, RealServerStats> stats, Set<RealServerKey> configured) {
        List<DrainLine> lines = new ArrayList<>();
        state.members().forEach((key, member) -> {
            if (member instanceof MemberState.Draining drain && !configured.contains(key)) {
                @Nullable RealServerStats counted = stats.get(key);
                lines.add(new DrainLine(
                        key.toString(),
                        drain.cause().configName(),
                        time(drain.deadline()),
                        counted == null ? 0 : counted.activeConnections(),
                        counted == null ? 0 : counted.inactiveConnections()));
            }
        });
        return lines;
    }

    private String time(MonotonicInstant at) {
        return wall.plus(at.since(view.now())).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
