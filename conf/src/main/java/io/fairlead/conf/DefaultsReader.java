package io.fairlead.conf;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.text.Spelling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code fairlead.defaults}, and the settings that a virtual server shares with it. */
final class DefaultsReader {

    static final Keys KEYS = new Keys("fairlead.defaults");
    static final String SCHEDULER = KEYS.add("scheduler");
    static final String FORWARDING = KEYS.add("forwarding");
    static final String INHIBIT_ON_FAILURE = KEYS.add("inhibit-on-failure");

    static {
        HealthChecksReader.declare(KEYS);
    }

    static final String DRAIN_TIMEOUT = KEYS.add("drain-timeout");
    static final String SLOW_START = KEYS.add("slow-start");

    static final Duration DRAIN_TIMEOUT_MAX = Duration.ofDays(31);
    static final Duration SLOW_START_MAX = Duration.ofDays(1);

    private static final Choices<ForwardingMethod> FORWARDING_METHODS = new Choices<ForwardingMethod>()
            .add("nat", ForwardingMethod.MASQUERADE)
            .add("masquerade", ForwardingMethod.MASQUERADE)
            .add("direct-route", ForwardingMethod.DIRECT_ROUTE)
            .add("dr", ForwardingMethod.DIRECT_ROUTE)
            .add("tunnel", ForwardingMethod.TUNNEL)
            .add("tun", ForwardingMethod.TUNNEL)
            .add("local", ForwardingMethod.LOCAL);

    /** The schedulers of Linux 6.x. */
    private static final List<String> KNOWN_SCHEDULERS =
            List.of("rr", "wrr", "lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "twos");

    private DefaultsReader() {}

    static Defaults read(Section section, Defaults base) {
        return new Defaults(
                scheduler(section, SCHEDULER).orElse(base.scheduler()),
                forwarding(section, FORWARDING).orElse(base.forwarding()),
                HealthChecksReader.read(section, base.healthChecks()),
                section.flag(INHIBIT_ON_FAILURE).orElse(base.inhibitOnFailure()),
                drainTimeout(section, DRAIN_TIMEOUT).orElse(base.drainTimeout()),
                slowStart(section, SLOW_START).orElse(base.slowStart()));
    }

    /** Reads the built-in defaults, which have every key. */
    static Defaults builtIn(Section section) {
        return new Defaults(
                scheduler(section, SCHEDULER).orElseThrow(),
                forwarding(section, FORWARDING).orElseThrow(),
                HealthChecksReader.builtIn(section),
                section.flag(INHIBIT_ON_FAILURE).orElseThrow(),
                drainTimeout(section, DRAIN_TIMEOUT).orElseThrow(),
                slowStart(section, SLOW_START).orElseThrow());
    }

    static Optional<Duration> drainTimeout(Section section, String key) {
        return section.duration(key, Duration.ZERO, DRAIN_TIMEOUT_MAX);
    }

    static Optional<Duration> slowStart(Section section, String key) {
        return section.duration(key, Duration.ZERO, SLOW_START_MAX);
    }

    static Optional<ForwardingMethod> forwarding(Section section, String key) {
        return section.choice(key, FORWARDING_METHODS);
    }

    /** Any well-formed name is taken, because schedulers are kernel modules; an unusual one earns a warning. */
    static Optional<Scheduler> scheduler(Section section, String key) {
        Optional<String> name = section.string(key);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            Scheduler scheduler = section.reading().scheduler(name.get());
            if (!KNOWN_SCHEDULERS.contains(name.get())) {
                section.warning(
                        key,
                        Section.quoted(name.get()) + " is no scheduler of Linux itself ("
                                + Spelling.closest(name.get(), KNOWN_SCHEDULERS)
                                        .map(known -> "did you mean " + known + "?")
                                        .orElse("expected: " + String.join(", ", KNOWN_SCHEDULERS))
                                + ")");
            }
            return Optional.of(scheduler);
        } catch (IllegalArgumentException e) {
            section.error(key, Section.quoted(name.get()) + " (expected: " + String.join(", ", KNOWN_SCHEDULERS) + ")");
            return Optional.empty();
        }
    }
}
