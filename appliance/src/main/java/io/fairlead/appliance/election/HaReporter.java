package io.fairlead.appliance.election;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.peers.SharedView;
import io.fairlead.conf.ElectionUnit;
import io.fairlead.conf.VirtualRouterSpec;
import io.fairlead.ha.channel.LinkStats;
import io.fairlead.ha.election.IsolationVerdict;
import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.PeerView;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.runtime.UnitStatus;
import io.fairlead.ha.seal.Verdict.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells how the election stands. */
public final class HaReporter {

    private static final double MILLI_NANOS = 1e6;

    private HaReporter() {}

    /**
     * Returns the report on {@code view}.
     *
     * @param unfollowed why there is no election, if there should be one
     */
    public static HaReport report(Optional<ElectionKeeper.View> view, Optional<String> unfollowed) {
        return view.map(HaReporter::report)
                .orElseGet(() -> unfollowed.map(HaReport::failing).orElseGet(HaReport::none));
    }

    private static HaReport report(ElectionKeeper.View view) {
        long now = System.nanoTime();
        List<RouterLine> routers = new ArrayList<>();
        for (UnitStatus unit : view.units()) {
            view.config().units().stream()
                    .filter(candidate -> candidate.spec().id() == unit.spec().id())
                    .findFirst()
                    .ifPresent(configured -> routers.add(router(unit, configured, now)));
        }
        return new HaReport(
                StatusReport.SCHEMA_VERSION,
                null,
                true,
                view.config().cluster(),
                view.config().bindAddress().toString(),
                view.maintenance(),
                view.stats().latestNanos() / MILLI_NANOS,
                view.stats().late(),
                view.failing(),
                routers,
                view.stats().dropped(),
                view.stats().refused(),
                view.link().map(HaReporter::link).orElse(null),
                view.link().map(_ -> shared(view.shared())).orElse(null),
                view.warm());
    }

    private static HaReport.Link link(LinkStats stats) {
        SortedMap<String, Long> refused = new TreeMap<>();
        stats.refused().forEach((reason, count) -> refused.put(name(reason), count));
        return new HaReport.Link(
                stats.listening(),
                stats.peers().stream()
                        .map(peer -> new HaReport.LinkLine(
                                peer.address().toString(),
                                peer.proven(),
                                peer.hellosSent(),
                                peer.hellosReceived(),
                                peer.unsendable(),
                                peer.refusedFor().flatMap(Reason::misfit).orElse(null)))
                        .toList(),
                refused);
    }

    /** Returns the word for people, JSON and labels. */
    private static String name(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static HaReport.Shared shared(SharedView view) {
        return new HaReport.Shared(
                view.members().stream().map(PeerId::name).sorted().toList(),
                view.wishes(),
                List.copyOf(view.disputed()),
                view.refused());
    }

    private static RouterLine router(UnitStatus unit, ElectionUnit configured, long now) {
        UnitSpec spec = unit.spec();
        List<String> failed = new ArrayList<>();
        for (int track = 0; track < spec.tracks().size(); track++) {
            if (unit.state().fails(track)) {
                failed.add(spec.tracks().get(track).name());
            }
        }
        List<PeerLine> peers = new ArrayList<>();
        for (int index = 0;
                index < spec.peers().size() && index < unit.state().peers().size();
                index++) {
            if (index != spec.self()) {
                peers.add(peer(
                        spec, index, Optional.ofNullable(unit.state().peers().get(index)), now));
            }
        }
        return new RouterLine(
                spec.name(),
                spec.id(),
                configured.routers().stream().map(VirtualRouterSpec::name).toList(),
                RoleTeller.role(unit.role()),
                Instant.now()
                        .minus(Duration.ofNanos(now - unit.sinceNanos()))
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString(),
                RoleTeller.cause(unit.cause()),
                unit.state().priority(),
                unit.state().term(),
                unit.takeovers(),
                configured.addresses().stream()
                        .map(key -> key.address() + "/" + key.prefixLength())
                        .toList(),
                failed,
                peers,
                unit.changes(),
                spec.isolationTest() ? isolation(unit.state().isolationVerdict()) : null);
    }

    private static String isolation(IsolationVerdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static PeerLine peer(UnitSpec spec, int index, Optional<PeerView> view, long now) {
        PeerSpec peer = spec.peers().get(index);
        if (view.isEmpty()) {
            return new PeerLine(peer.address().toString(), peer.witness(), "unheard", 0, -1, 0);
        }
        String role =
                view.get().isReadable() ? RoleTeller.role(view.get().hello().role()) : "unreadable";
        long heard = now - view.get().heardNanos();
        boolean silent = heard > spec.interval().toNanos() * (spec.misses() + 1L);
        return new PeerLine(
                peer.address().toString(),
                peer.witness(),
                silent ? "silent" : role,
                view.get().hello().priority(),
                heard / MILLI_NANOS,
                view.get().deviationNanos() / MILLI_NANOS);
    }
}
