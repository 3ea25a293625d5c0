package io.fairlead.conf;

import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.SafetyLevel;
import io.fairlead.ha.election.TrackSpec;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.health.check.ScriptProbeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Makes the units of election of virtual routers: one of each, and one of each sync group. */
final class ElectionUnits {

    /** The kernel counts a lifetime in whole seconds, and removes an address up to 0.4 s after its end. */
    private static final Duration EXPIRY_GRAIN = Duration.ofMillis(1400);

    private final Section section;
    private final List<PeerSpec> peers;
    private final PeerSpec self;

    /** @param section of the whole, for what is wrong with all of it */
    ElectionUnits(Section section, List<PeerSpec> peers, PeerSpec self) {
        this.section = section;
        this.peers = peers;
        this.self = self;
    }

    List<ElectionUnit> of(
            List<VirtualRouterReader.Draft> routers, Map<String, List<VirtualRouterReader.Draft>> groups) {
        Set<String> grouped = new HashSet<>();
        groups.values().forEach(members -> members.forEach(member -> grouped.add(member.name())));
        Map<String, List<VirtualRouterReader.Draft>> all = new LinkedHashMap<>(groups);
        routers.stream()
                .filter(router -> !grouped.contains(router.name()))
                .forEach(router -> all.put(router.name(), List.of(router)));
        List<ElectionUnit> units = new ArrayList<>();
        all.forEach((name, members) -> unit(name, members).ifPresent(units::add));
        return units.stream().sorted(Comparator.comparing(ElectionUnit::name)).toList();
    }

    private Optional<ElectionUnit> unit(String name, List<VirtualRouterReader.Draft> members) {
        VirtualRouterReader.Draft first = members.getFirst();
        boolean fits = true;
        for (VirtualRouterReader.Draft member : members) {
            boolean like = member.isLike(first, name);
            boolean fit = fits(member);
            fits = fits && like && fit;
        }
        Map<TrackedThing, TrackSpec> tracks = tracks(members);
        if (tracks.size() > TrackSpec.COUNT_MAX) {
            first.section()
                    .error("", tracks.size() + " tracked things (expected: at most " + TrackSpec.COUNT_MAX + ")");
            fits = false;
        }
        int index = peers.indexOf(self);
        if (!fits || index < 0 || section.reading().problems().hasErrors()) {
            return Optional.empty();
        }
        return Optional.of(new ElectionUnit(
                new UnitSpec(
                        first.id(),
                        name,
                        first.priority(),
                        first.preempt(),
                        first.preemptDelay(),
                        first.interval(),
                        first.misses(),
                        first.safety(),
                        first.addressLifetime(),
                        EXPIRY_GRAIN,
                        members.stream()
                                .anyMatch(member ->
                                        !member.router().isolationTest().isEmpty()),
                        List.copyOf(tracks.values()),
                        peers,
                        index),
                members.stream().map(VirtualRouterReader.Draft::router).toList(),
                List.copyOf(tracks.keySet()),
                members.stream()
                        .flatMap(member -> member.notification().stream())
                        .findFirst()));
    }

    /** By kind, so that their order is the same however a file spreads them over the routers of a group. */
    private static Map<TrackedThing, TrackSpec> tracks(List<VirtualRouterReader.Draft> members) {
        Map<TrackedThing, TrackSpec> all = new LinkedHashMap<>();
        members.forEach(member -> member.tracks().forEach(all::putIfAbsent));
        Map<TrackedThing, TrackSpec> ordered = new LinkedHashMap<>();
        all.keySet().stream()
                .sorted(Comparator.comparingInt(ElectionUnits::kind))
                .forEach(thing -> ordered.put(thing, Objects.requireNonNull(all.get(thing))));
        return ordered;
    }

    private static int kind(TrackedThing thing) {
        return switch (thing) {
            case TrackedThing.NetworkInterface _ -> 0;
            case TrackedThing.VirtualServer _ -> 1;
            case TrackedThing.Program _ -> 2;
            case TrackedThing.Check check -> check.spec().probe() instanceof ScriptProbeSpec ? 4 : 3;
        };
    }

    /** Votes are counted: there must be enough of them for the level. */
    private boolean fits(VirtualRouterReader.Draft router) {
        if (router.safety().needsMajority() && peers.size() < 3) {
            router.section()
                    .error(
                            VirtualRouterReader.SAFETY,
                            VirtualRouterReader.SAFETY_LEVELS.nameOf(router.safety()) + " with " + peers.size()
                                    + (peers.size() == 1 ? " appliance" : " appliances")
                                    + " (expected: three or more, witnesses included; or available)");
            return false;
        }
        if (router.safety().needsMajority() && !router.router().isolationTest().isEmpty()) {
            router.section()
                    .error(
                            VirtualRouterReader.ISOLATION_TEST,
                            "with safety " + VirtualRouterReader.SAFETY_LEVELS.nameOf(router.safety())
                                    + " (expected: only with available; elsewhere the majority decides)");
            return false;
        }
        if (router.safety() == SafetyLevel.WITNESSED && peers.stream().noneMatch(PeerSpec::witness)) {
            router.section().error(VirtualRouterReader.SAFETY, "witnessed (expected: at least one of witnesses)");
            return false;
        }
        return true;
    }
}
