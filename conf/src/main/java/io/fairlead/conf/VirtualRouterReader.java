package io.fairlead.conf;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.SafetyLevel;
import io.fairlead.ha.election.TrackSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads one of {@code virtual-routers}. */
final class VirtualRouterReader {

    static final Keys KEYS = new Keys("fairlead.high-availability.virtual-routers.NAME");
    private static final String ID = KEYS.add("id");
    private static final String PRIORITY = KEYS.add("priority");
    private static final String INTERFACE = KEYS.add("interface");
    private static final String ADDRESSES = KEYS.add("addresses");
    private static final String INTERVAL = KEYS.add("advertisement-interval");
    private static final String MISSES = KEYS.add("misses");
    private static final String PREEMPT = KEYS.add("preempt");
    private static final String PREEMPT_DELAY = KEYS.add("preempt-delay");
    static final String SAFETY = KEYS.add("safety");
    static final String ISOLATION_TEST = KEYS.add("isolation-test");
    private static final String ADDRESS_LIFETIME = KEYS.add("address-lifetime");
    private static final String TRACK = KEYS.add("track");
    private static final String NOTIFY = KEYS.add("notify");

    static final Choices<SafetyLevel> SAFETY_LEVELS = new Choices<SafetyLevel>()
            .add("available", SafetyLevel.AVAILABLE)
            .add("witnessed", SafetyLevel.WITNESSED)
            .add("strict", SafetyLevel.STRICT);

    private static final int PRIORITY_DEFAULT = 100;
    private static final int MISSES_DEFAULT = 3;
    private static final Duration INTERVAL_MIN = Duration.ofMillis(10);
    private static final Duration INTERVAL_MAX = Duration.ofMillis(40_950);
    private static final Duration INTERVAL_DEFAULT = Duration.ofMillis(100);
    private static final Duration DELAY_MAX = Duration.ofHours(1);
    private static final Duration LIFETIME_MIN = Duration.ofSeconds(2);
    private static final Duration LIFETIME_MAX = Duration.ofHours(1);
    private static final Duration LIFETIME_DEFAULT = Duration.ofSeconds(4);

    /** Each is asked by a frame of its own, several times. */
    private static final int ISOLATION_TEST_COUNT_MAX = 8;

    private VirtualRouterReader() {}

    /** A router with the settings of its unit, which all routers of a sync group must have in common. */
    record Draft(
            Section section,
            VirtualRouterSpec router,
            int priority,
            boolean preempt,
            Duration preemptDelay,
            Duration interval,
            int misses,
            SafetyLevel safety,
            Duration addressLifetime,
            Map<TrackedThing, TrackSpec> tracks,
            Optional<NotifySpec> notification) {

        String name() {
            return router.name();
        }

        int id() {
            return router.id();
        }

        /** Returns whether this could be in one sync group with {@code other}; tells the operator what keeps it from it. */
        boolean isLike(Draft other, String group) {
            boolean[] same = {
                same(PRIORITY, priority, other.priority, other, group),
                same(PREEMPT, preempt, other.preempt, other, group),
                same(PREEMPT_DELAY, preemptDelay, other.preemptDelay, other, group),
                same(INTERVAL, interval, other.interval, other, group),
                same(MISSES, misses, other.misses, other, group),
                same(SAFETY, safety, other.safety, other, group),
                same(ADDRESS_LIFETIME, addressLifetime, other.addressLifetime, other, group),
                same(
                        NOTIFY,
                        notification.or(() -> other.notification),
                        other.notification.or(() -> notification),
                        other,
                        group)
            };
            boolean all = true;
            for (boolean each : same) {
                all = all && each;
            }
            return all;
        }

        private boolean same(String key, Object mine, Object its, Draft other, String group) {
            if (mine.equals(its)) {
                return true;
            }
            section.error(
                    key,
                    "differs from that of " + other.name() + " in sync group " + group
                            + " (expected: the same, as they move as one)");
            return false;
        }
    }

    /**
     * Reads a router.
     *
     * @param ids which id is whose already
     * @param taken whose an address on an interface is already, see {@link #place}
     */
    static Optional<Draft> read(
            Section section,
            Optional<String> commonInterface,
            Set<String> virtualServers,
            Map<Integer, String> ids,
            Map<String, String> taken) {
        Names.check(section, "", section.name());
        OptionalInt id = section.integer(ID, 1, 0xffff);
        if (id.isEmpty() && !section.has(ID)) {
            section.missing(ID, "1..65535, the same on all peers");
        }
        if (id.isPresent()) {
            String other = ids.putIfAbsent(id.getAsInt(), section.name());
            if (other != null) {
                section.error(ID, id.getAsInt() + " is that of " + other + " (expected: each id once)");
            }
        }
        Optional<String> interfaceName = section.text(
                        INTERFACE, "1..15 visible characters without /", InterfaceAddressKey::isName)
                .or(() -> commonInterface);
        if (interfaceName.isEmpty() && !section.has(INTERFACE)) {
            section.missing(INTERFACE, "the name of a network interface, here or for all routers");
        }
        List<InterfaceAddressKey> addresses = addresses(section, interfaceName, taken);
        Duration lifetime =
                section.duration(ADDRESS_LIFETIME, LIFETIME_MIN, LIFETIME_MAX).orElse(LIFETIME_DEFAULT);
        if (lifetime.toNanosPart() != 0) {
            section.error(ADDRESS_LIFETIME, DurationText.of(lifetime) + " (expected: whole seconds)");
        }
        Duration interval =
                section.duration(INTERVAL, INTERVAL_MIN, INTERVAL_MAX).orElse(INTERVAL_DEFAULT);
        if (interval.multipliedBy(2).compareTo(lifetime) > 0) {
            section.error(
                    section.has(ADDRESS_LIFETIME) ? ADDRESS_LIFETIME : INTERVAL,
                    "an address lives " + DurationText.of(lifetime) + " and hellos are " + DurationText.of(interval)
                            + " apart (expected: a lifetime of at least two intervals)");
        }
        Draft draft = new Draft(
                section,
                new VirtualRouterSpec(section.name(), id.orElse(1), addresses, isolationTest(section, addresses)),
                section.integer(PRIORITY, 1, 255).orElse(PRIORITY_DEFAULT),
                section.flag(PREEMPT).orElse(true),
                section.duration(PREEMPT_DELAY, Duration.ZERO, DELAY_MAX).orElse(Duration.ZERO),
                interval,
                section.integer(MISSES, 1, 100).orElse(MISSES_DEFAULT),
                section.choice(SAFETY, SAFETY_LEVELS).orElse(SafetyLevel.AVAILABLE),
                lifetime,
                tracks(section, interfaceName, virtualServers),
                section.section(NOTIFY, NotifyReader.KEYS).map(NotifyReader::read));
        return addresses.isEmpty() || id.isEmpty() ? Optional.empty() : Optional.of(draft);
    }

    private static Map<TrackedThing, TrackSpec> tracks(
            Section section, Optional<String> interfaceName, Set<String> virtualServers) {
        Optional<Section> track = section.section(TRACK, TrackReader.KEYS);
        Map<TrackedThing, TrackSpec> found =
                track.map(own -> TrackReader.read(own, virtualServers)).orElseGet(LinkedHashMap::new);
        boolean own = track.map(TrackReader::tracksOwnInterface).orElse(true);
        if (own && interfaceName.isPresent()) {
            TrackedThing primary = new TrackedThing.NetworkInterface(interfaceName.get());
            found.putIfAbsent(primary, new TrackSpec(primary.label(), 0));
        }
        return found;
    }

    private static List<InterfaceAddressKey> addresses(
            Section section, Optional<String> interfaceName, Map<String, String> taken) {
        Optional<List<String>> texts = section.strings(ADDRESSES);
        if (texts.isEmpty() && !section.has(ADDRESSES)) {
            section.missing(ADDRESSES, "a list of IP addresses");
        } else if (texts.isPresent() && texts.get().isEmpty()) {
            section.error(ADDRESSES, "empty (expected: at least one IP address)");
        }
        List<InterfaceAddressKey> found = new ArrayList<>();
        List<String> all = texts.orElse(List.of());
        for (int i = 0; i < all.size(); i++) {
            String key = ADDRESSES + "[" + i + "]";
            Optional<InterfaceAddressKey> address =
                    VirtualAddressReader.address(section, key, interfaceName.orElse("lo"), all.get(i));
            if (address.isPresent()) {
                String other = taken.putIfAbsent(place(address.get()), section.path(""));
                if (other == null) {
                    found.add(address.get());
                } else {
                    section.error(
                            key,
                            address.get().address() + " on " + address.get().interfaceName() + " is taken by " + other
                                    + " (expected: each address once on an interface)");
                }
            }
        }
        return found;
    }

    private static List<IpAddress> isolationTest(Section section, List<InterfaceAddressKey> addresses) {
        List<String> texts = section.strings(ISOLATION_TEST).orElse(List.of());
        if (texts.size() > ISOLATION_TEST_COUNT_MAX) {
            section.error(
                    ISOLATION_TEST, texts.size() + " addresses (expected: at most " + ISOLATION_TEST_COUNT_MAX + ")");
            return List.of();
        }
        List<IpAddress> found = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String key = ISOLATION_TEST + "[" + i + "]";
            try {
                IpAddress address = IpAddress.parse(texts.get(i));
                if (addresses.stream().anyMatch(own -> own.address().equals(address))) {
                    section.error(key, address + " is one of addresses (expected: that of a neighbour, as a gateway)");
                } else if (found.contains(address)) {
                    section.error(key, address + " is there twice (expected: each neighbour once)");
                } else {
                    found.add(address);
                }
            } catch (IllegalArgumentException e) {
                section.error(
                        key,
                        Section.quoted(texts.get(i))
                                + " (expected: an IP address such as 192.0.2.1 or 2001:db8::1, not a name)");
            }
        }
        return found;
    }

    /** Returns where an address is, whatever its prefix. */
    static String place(InterfaceAddressKey key) {
        return key.address() + " " + key.interfaceName();
    }
}
