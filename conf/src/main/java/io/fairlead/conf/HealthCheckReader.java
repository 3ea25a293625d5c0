package io.fairlead.conf;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.text.Spelling;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FlapDamping;
import io.fairlead.health.check.InitialState;
import io.fairlead.health.check.NetworkProbeSpec;
import io.fairlead.health.check.ProbeSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Reads {@code health-check}, which may stand in the defaults, in a virtual server and in a real server. Each level is laid
 * over the one above it key by key, and must make a whole check with it.
 */
final class HealthCheckReader {

    /** The key under which every level has its health check. */
    static final String SECTION = "health-check";

    static final Keys KEYS = new Keys("fairlead.defaults.health-check");
    private static final String TYPE = KEYS.add("type");
    private static final String INTERVAL = KEYS.add("interval");
    private static final String TIMEOUT = KEYS.add("timeout");
    private static final String RISE = KEYS.add("rise");
    private static final String FALL = KEYS.add("fall");

    private static final String INTERVAL_DOWN = KEYS.add("interval-down");
    private static final String INITIAL_STATE = KEYS.add("initial-state");
    private static final String FLAP_HOLD_DOWN = KEYS.add("flap-hold-down");
    private static final String FLAP_HOLD_DOWN_MAX = KEYS.add("flap-hold-down-max");
    private static final String FLAP_FORGET_AFTER = KEYS.add("flap-forget-after");

    private static final Choices<InitialState> INITIAL_STATES = new Choices<InitialState>()
            .add("wait", InitialState.WAIT)
            .add("up", InitialState.UP)
            .add("down", InitialState.DOWN);

    private static final List<String> COMMON_KEYS = List.copyOf(KEYS.names());

    /** By type, in the order in which they are listed to people. */
    private static final Map<String, ProbeReader<?>> READERS = readers(
            new NoProbeReader(),
            new TcpProbeReader(),
            new TlsProbeReader(),
            new HttpProbeReader(false),
            new HttpProbeReader(true),
            new GrpcProbeReader(),
            new UdpProbeReader(),
            new DnsProbeReader(),
            new SmtpProbeReader(),
            new ScriptProbeReader(),
            new FileProbeReader(),
            new IcmpProbeReader());

    private HealthCheckReader() {}

    /** A level with what is above it already merged in, and the check that it makes. */
    record Level(
            Section section,
            CheckSpec check,
            Optional<IpAddress> address,
            OptionalInt port,
            boolean throughVirtualServer) {

        Level(Section section, CheckSpec check) {
            this(
                    section,
                    check,
                    section.address(ConnectionKeys.ADDRESS),
                    section.integer(ConnectionKeys.PORT, 1, 65535),
                    section.flag(ConnectionKeys.THROUGH).orElse(false));
        }

        /** Returns where to check a real server: there, unless the check says otherwise. */
        ServerAddress where(IpAddress realServer, int realServerPort) {
            return new ServerAddress(address.orElse(realServer), port.orElse(realServerPort));
        }
    }

    private static Map<String, ProbeReader<?>> readers(ProbeReader<?>... readers) {
        Map<String, ProbeReader<?>> byType = new LinkedHashMap<>();
        for (ProbeReader<?> reader : readers) {
            byType.put(reader.type(), reader);
            reader.keys().stream().filter(key -> !KEYS.knows(key)).forEach(KEYS::add);
        }
        return byType;
    }

    /** Returns the types, and the keys that each has, with the common ones. */
    static Map<String, Set<String>> keysByType() {
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        READERS.forEach((type, reader) -> {
            Set<String> all = new LinkedHashSet<>(COMMON_KEYS);
            all.addAll(reader.keys());
            keys.put(type, all);
        });
        return keys;
    }

    /** Returns the level of {@code holder}: {@code above} itself unless {@code holder} has a health check of its own. */
    static Level read(Section holder, String key, Level above) {
        Optional<Section> own = holder.section(key, KEYS);
        if (own.isEmpty()) {
            return above;
        }
        return overlay(own.get(), above);
    }

    /** Returns the level of {@code own}, the section of a check itself, over {@code above}. */
    static Level overlay(Section own, Level above) {
        Section section = own.over(above.section());
        return new Level(section, own.reading().shared(check(section, above.check())));
    }

    /** Returns the level of the built-in defaults, which have every common key. */
    static Level builtIn(Section holder, String key) {
        Section section = holder.section(key, KEYS).orElseThrow();
        ProbeReader<?> reader = reader(section).orElseThrow();
        return new Level(
                section,
                new CheckSpec(
                        reader.read(section),
                        interval(section).orElseThrow(),
                        interval(section).orElseThrow(),
                        timeout(section).orElseThrow(),
                        section.integer(RISE, 1, CheckSpec.COUNT_MAX).orElseThrow(),
                        section.integer(FALL, 1, CheckSpec.COUNT_MAX).orElseThrow(),
                        section.choice(INITIAL_STATE, INITIAL_STATES).orElseThrow(),
                        damping(section)));
    }

    /** @param instead whose values are taken in the place of wrong ones */
    private static CheckSpec check(Section section, CheckSpec instead) {
        ProbeSpec probe =
                reader(section).<ProbeSpec>map(reader -> reader.read(section)).orElse(instead.probe());
        Duration interval = interval(section).orElse(instead.interval());
        Duration timeout = timeout(section).orElse(instead.timeout());
        int rise = section.integer(RISE, 1, CheckSpec.COUNT_MAX).orElse(instead.rise());
        int fall = section.integer(FALL, 1, CheckSpec.COUNT_MAX).orElse(instead.fall());
        Duration intervalDown = section.duration(INTERVAL_DOWN, CheckSpec.INTERVAL_MIN, CheckSpec.INTERVAL_MAX)
                .orElse(interval);
        InitialState initialState =
                section.choice(INITIAL_STATE, INITIAL_STATES).orElse(instead.initialState());
        Optional<FlapDamping> damping = damping(section);
        if (timeout.compareTo(interval) > 0) {
            timeoutTooLong(section, interval, timeout);
            return instead;
        }
        if (timeout.compareTo(intervalDown) > 0) {
            section.error(
                    INTERVAL_DOWN,
                    DurationText.of(intervalDown) + " (expected: at least the timeout, " + DurationText.of(timeout)
                            + ")");
            return instead;
        }
        return new CheckSpec(probe, interval, intervalDown, timeout, rise, fall, initialState, damping);
    }

    /** Off while the first hold is 0 s. */
    private static Optional<FlapDamping> damping(Section section) {
        Duration holdDown = section.duration(FLAP_HOLD_DOWN, Duration.ZERO, FlapDamping.HOLD_DOWN_LIMIT)
                .orElse(Duration.ZERO);
        Duration max = section.duration(FLAP_HOLD_DOWN_MAX, FlapDamping.HOLD_DOWN_MIN, FlapDamping.LIMIT)
                .orElse(FlapDamping.LIMIT);
        Duration forgetAfter = section.duration(FLAP_FORGET_AFTER, FlapDamping.HOLD_DOWN_MIN, FlapDamping.LIMIT)
                .orElse(FlapDamping.LIMIT);
        if (holdDown.isZero()) {
            return Optional.empty();
        }
        if (holdDown.compareTo(FlapDamping.HOLD_DOWN_MIN) < 0 || holdDown.compareTo(max) > 0) {
            section.error(
                    FLAP_HOLD_DOWN,
                    DurationText.of(holdDown) + " (expected: 0s for no damping, or 1s..flap-hold-down-max, "
                            + DurationText.of(max) + ")");
            return Optional.empty();
        }
        return Optional.of(new FlapDamping(holdDown, max, forgetAfter));
    }

    private static Optional<Duration> interval(Section section) {
        return section.duration(INTERVAL, CheckSpec.INTERVAL_MIN, CheckSpec.INTERVAL_MAX);
    }

    private static Optional<Duration> timeout(Section section) {
        return section.duration(TIMEOUT, Duration.ofMillis(1), CheckSpec.INTERVAL_MAX);
    }

    private static void timeoutTooLong(Section section, Duration interval, Duration timeout) {
        if (section.has(TIMEOUT)) {
            section.error(
                    TIMEOUT,
                    DurationText.of(timeout) + " (expected: at most the interval, " + DurationText.of(interval) + ")");
        } else {
            section.error(
                    section.has(INTERVAL) ? INTERVAL : "",
                    DurationText.of(interval) + " (expected: at least the timeout, " + DurationText.of(timeout)
                            + ", or set a shorter timeout)");
        }
    }

    /** Returns who reads the rest; for a type that is misspelt, the likeliest, so that all mistakes are found at once. */
    private static Optional<ProbeReader<?>> reader(Section section) {
        String type = section.string(TYPE).orElse("");
        ProbeReader<?> reader = READERS.get(type);
        if (reader != null) {
            checkOwnKeys(section, reader);
            return Optional.of(reader);
        }
        if (!type.isEmpty()) {
            section.error(TYPE, Section.quoted(type) + " (expected: " + String.join(", ", READERS.keySet()) + ")");
        }
        return Spelling.closest(type, READERS.keySet()).map(READERS::get);
    }

    /** What a level inherits may be for another type, what it says itself may not: it would be silently without effect. */
    private static void checkOwnKeys(Section section, ProbeReader<?> reader) {
        for (String key : KEYS.names()) {
            if (section.has(key) && !COMMON_KEYS.contains(key) && !reader.keys().contains(key)) {
                List<String> types = READERS.values().stream()
                        .filter(other -> other.keys().contains(key))
                        .map(ProbeReader::type)
                        .toList();
                section.error(
                        key,
                        "not a key of type " + reader.type() + " (expected: only with type " + String.join(", ", types)
                                + ")");
            }
        }
    }

    /** Tells {@code line} every key that is in effect for the check of a real server, with its value as HOCON. */
    static void show(CheckTarget target, ServerAddress realServer, BiConsumer<String, String> line) {
        CheckSpec check = target.spec();
        line.accept(TYPE, check.probe().type());
        line.accept(INTERVAL, DurationText.of(check.interval()));
        line.accept(TIMEOUT, DurationText.of(check.timeout()));
        line.accept(RISE, Integer.toString(check.rise()));
        line.accept(FALL, Integer.toString(check.fall()));
        boolean isThrough = target.spec().probe() instanceof NetworkProbeSpec network
                && network.connection().through().isPresent();
        if (!isThrough && !target.address().address().equals(realServer.address())) {
            line.accept(
                    ConnectionKeys.ADDRESS,
                    Section.literal(target.address().address().toString()));
        }
        if (target.address().port() != realServer.port()) {
            line.accept(ConnectionKeys.PORT, Integer.toString(target.address().port()));
        }
        line.accept(INTERVAL_DOWN, DurationText.of(check.intervalDown()));
        line.accept(INITIAL_STATE, INITIAL_STATES.nameOf(check.initialState()));
        line.accept(
                FLAP_HOLD_DOWN,
                DurationText.of(check.damping().map(FlapDamping::holdDown).orElse(Duration.ZERO)));
        check.damping().ifPresent(damping -> {
            line.accept(FLAP_HOLD_DOWN_MAX, DurationText.of(damping.holdDownMax()));
            line.accept(FLAP_FORGET_AFTER, DurationText.of(damping.forgetAfter()));
        });
        ProbeReader<?> reader = READERS.get(check.probe().type());
        if (reader == null) {
            throw new IllegalStateException("no reader of type " + check.probe().type());
        }
        showProbe(reader, check.probe(), line);
    }

    private static <S extends ProbeSpec> void showProbe(
            ProbeReader<S> reader, ProbeSpec probe, BiConsumer<String, String> line) {
        reader.show(reader.specClass().cast(probe), line);
    }
}
