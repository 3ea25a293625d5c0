package io.fairlead.appliance.state;

import io.fairlead.appliance.state.SavedState.AddressEntries;
import io.fairlead.appliance.state.SavedState.DrainEntry;
import io.fairlead.appliance.state.SavedState.OverrideEntry;
import io.fairlead.appliance.state.SavedState.RampEntry;
import io.fairlead.appliance.state.SavedState.SeenEntry;
import io.fairlead.appliance.state.SavedState.SysctlEntries;
import io.fairlead.appliance.state.SavedState.SysctlEntry;
import io.fairlead.appliance.state.SavedState.VirtualServerEntry;
import io.fairlead.appliance.state.SavedState.WishEntries;
import io.fairlead.appliance.state.SavedState.WishEntry;
import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.DrainCause;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.shared.Dot;
import io.fairlead.ha.shared.Wishes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Between what the loop remembers and what the state file says. The loop's clock means nothing in another process, so times
 * are saved as times of day, and come back relative to the moment of loading: a clock that was set meanwhile can make a
 * deadline come too early or too late, but never by more than the whole duration.
 *
 * @param wall the time of day at {@code now}
 * @param bootId what tells this run of the machine from others
 */
record StateText(Instant wall, MonotonicInstant now, String bootId) {

    VirtualServerEntry entry(VirtualServerKey key, PoolState state) {
        List<DrainEntry> draining = new ArrayList<>();
        List<RampEntry> starting = new ArrayList<>();
        state.members().forEach((realServer, member) -> {
            switch (member) {
                case MemberState.Draining drain ->
                    draining.add(new DrainEntry(
                            realServer.toString(),
                            drain.cause().configName(),
                            time(drain.since()),
                            time(drain.deadline())));
                case MemberState.Serving(var rampSince) ->
                    rampSince.ifPresent(since -> starting.add(new RampEntry(realServer.toString(), time(since))));
                case MemberState.Drained _ -> {} // seen from the override, and from the kernel not holding it
            }
        });
        return new VirtualServerEntry(text(key), state.quorum() == Quorum.State.LOST, draining, starting);
    }

    private static OverrideEntry entry(RealServerName name, OperatorOverride override) {
        return new OverrideEntry(
                name.virtualServer(),
                name.realServer(),
                override.state().configName(),
                override.weight().isPresent() ? override.weight().getAsInt() : null,
                override.drainTimeout().map(Duration::toSeconds).orElse(null));
    }

    static WishEntries entries(Wishes wishes) {
        List<SeenEntry> seen = new ArrayList<>();
        new TreeMap<>(wishes.seen()).forEach((peer, changes) -> seen.add(new SeenEntry(peer, changes)));
        List<WishEntry> all = new ArrayList<>();
        wishes.wishes()
                .forEach((subject, several) -> SharedTerms.name(subject)
                        .ifPresent(name -> several.forEach(each -> all.add(new WishEntry(
                                each.dot().replica(),
                                each.dot().count(),
                                entry(name, SharedTerms.override(each.wish())))))));
        return new WishEntries(seen, all);
    }

    /** Returns the entries by which a version that shared nothing knows what counts. */
    static List<OverrideEntry> overrides(Wishes wishes) {
        return new TreeMap<>(SharedTerms.overrides(wishes.all()))
                .entrySet().stream()
                        .map(each -> entry(each.getKey(), each.getValue()))
                        .toList();
    }

    /** What a version wrote that shared nothing was said alone, just now. */
    private Wishes wishes(SavedState saved) {
        Wishes wishes = Wishes.NONE;
        if (saved.wishes() == null) {
            for (OverrideEntry entry : saved.overrides()) {
                wishes = wishes.with(
                        Wishes.ALONE, wall.toEpochMilli(), subject(entry), SharedTerms.wish(override(entry)));
            }
            return wishes;
        }
        Map<Integer, Long> seen = new HashMap<>();
        saved.wishes().seen().forEach(entry -> seen.put(entry.peer(), entry.changes()));
        SortedMap<String, List<Wishes.Dotted>> all = new TreeMap<>();
        for (WishEntry entry : saved.wishes().all()) {
            SharedTerms.wish(override(entry.wish()))
                    .ifPresent(wish -> all.computeIfAbsent(subject(entry.wish()), _ -> new ArrayList<>())
                            .add(new Wishes.Dotted(new Dot(entry.peer(), entry.change()), wish)));
        }
        return new Wishes(seen, all);
    }

    private static String subject(OverrideEntry entry) {
        return SharedTerms.subject(new RealServerName(entry.virtualServer(), entry.realServer()));
    }

    /** @throws IllegalArgumentException if the file says what no version of ours writes */
    Memory memory(SavedState saved) {
        Map<VirtualServerKey, PoolState> pools =
                HashMap.newHashMap(saved.virtualServers().size());
        for (VirtualServerEntry entry : saved.virtualServers()) {
            pools.put(key(entry.key()), pool(entry));
        }
        return new Memory(pools, wishes(saved), addresses(saved.addresses()), sysctls(saved.sysctls()));
    }

    /** Addresses of another boot are none of ours: what is there again was put there by somebody else. */
    private Set<InterfaceAddressKey> addresses(@Nullable AddressEntries entries) {
        Set<InterfaceAddressKey> keys = new HashSet<>();
        if (entries != null && entries.bootId().equals(bootId)) {
            entries.keys().forEach(text -> keys.add(addressKey(text)));
        }
        return keys;
    }

    AddressEntries entries(Set<InterfaceAddressKey> ours) {
        return new AddressEntries(
                bootId,
                ours.stream().sorted().map(InterfaceAddressKey::toString).toList());
    }

    private Map<String, Original> sysctls(@Nullable SysctlEntries entries) {
        Map<String, Original> originals = new HashMap<>();
        if (entries != null && entries.bootId().equals(bootId)) {
            entries.changed().forEach(entry -> originals.put(entry.name(), new Original(entry.before(), entry.ours())));
        }
        return originals;
    }

    SysctlEntries sysctlEntries(Map<String, Original> originals) {
        List<SysctlEntry> changed = new ArrayList<>();
        new TreeMap<>(originals)
                .forEach((name, original) -> changed.add(new SysctlEntry(name, original.before(), original.ours())));
        return new SysctlEntries(bootId, changed);
    }

    private static InterfaceAddressKey addressKey(String text) {
        List<String> words = Arrays.asList(text.split("[ /]", -1));
        if (words.size() != 4 || !words.get(2).equals("dev")) {
            throw new IllegalArgumentException("address " + text);
        }
        return new InterfaceAddressKey(words.get(3), IpAddress.parse(words.getFirst()), Integer.parseInt(words.get(1)));
    }

    private PoolState pool(VirtualServerEntry entry) {
        Map<RealServerKey, MemberState> members = new HashMap<>();
        for (DrainEntry drain : entry.draining()) {
            members.put(realServer(drain.realServer()), drain(drain));
        }
        for (RampEntry ramp : entry.starting()) {
            members.put(
                    realServer(ramp.realServer()),
                    new MemberState.Serving(Optional.of(earlier(instant(ramp.since())))));
        }
        // A quorum that was held is found to be held again; one that was lost is gained by the rule for that.
        return new PoolState(entry.quorumLost() ? Quorum.State.LOST : Quorum.State.UNDECIDED, members);
    }

    private MemberState drain(DrainEntry entry) {
        Instant since = instant(entry.since());
        Instant deadline = instant(entry.deadline());
        Duration whole = Duration.between(since, deadline);
        Duration left = Duration.between(wall, deadline);
        Duration bounded = left.compareTo(whole) > 0 ? whole : left;
        return new MemberState.Draining(cause(entry.cause()), earlier(since), now.plus(bounded), now, Optional.empty());
    }

    private static DrainCause cause(String name) {
        for (DrainCause cause : DrainCause.values()) {
            if (cause.configName().equals(name)) {
                return cause;
            }
        }
        throw new IllegalArgumentException("drain cause " + name);
    }

    private static OperatorOverride override(OverrideEntry entry) {
        for (AdminState state : AdminState.values()) {
            if (state.configName().equals(entry.state())) {
                return new OperatorOverride(
                        state,
                        entry.weight() == null ? OptionalInt.empty() : OptionalInt.of(entry.weight()),
                        Optional.ofNullable(entry.drainTimeoutSeconds()).map(Duration::ofSeconds));
            }
        }
        throw new IllegalArgumentException("state " + entry.state() + " of a real server");
    }

    static String text(VirtualServerKey key) {
        return switch (key) {
            case AddressKey address -> address.toString();
            case FwmarkKey(var family, var mark) -> "FWM " + mark + " " + family;
        };
    }

    static VirtualServerKey key(String text) {
        List<String> words = Arrays.asList(text.split(" ", -1));
        if (words.size() == 3 && words.getFirst().equals("FWM")) {
            return new FwmarkKey(IpFamily.valueOf(words.getLast()), Long.parseLong(words.get(1)));
        }
        if (words.size() != 2) {
            throw new IllegalArgumentException("virtual server " + text);
        }
        return new AddressKey(TransportProtocol.valueOf(words.getFirst()), ServerAddress.parse(words.getLast()));
    }

    private static RealServerKey realServer(String text) {
        return new RealServerKey(ServerAddress.parse(text));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("time " + text, e);
        }
    }

    private String time(MonotonicInstant at) {
        return wall.plus(at.since(now)).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** What began in the future, by a clock that was set back, began just now. */
    private MonotonicInstant earlier(Instant at) {
        Duration ago = Duration.between(at, wall);
        return ago.isNegative() ? now : now.plus(ago.negated());
    }
}
