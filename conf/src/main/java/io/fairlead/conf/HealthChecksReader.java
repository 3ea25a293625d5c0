package io.fairlead.conf;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.NetworkProbeSpec;
import io.fairlead.health.check.NoProbeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads all that one level (the defaults, a virtual server, a real server) says of health checks: {@code health-check}, which
 * is the only check or what the named ones have in common, {@code health-checks} with several under their names, and {@code
 * require-checks}.
 *
 * <p>A named check takes each key from the nearest level that says it under that name; what no level says there comes from
 * {@code health-check}, again of the nearest level. Type none takes an inherited name out again.
 */
final class HealthChecksReader {

    static final String NAMED = "health-checks";
    static final String REQUIRE = "require-checks";

    private static final Choices<CheckRequirement> REQUIREMENTS =
            new Choices<CheckRequirement>().add("all", CheckRequirement.ALL).add("any", CheckRequirement.ANY);

    private HealthChecksReader() {}

    /**
     * A level with what is above it already merged in.
     *
     * @param common what {@code health-check} comes to
     * @param named what each level says of each name, the outermost first
     * @param checks what there is to check, under its names; one without a name where there are no named ones
     */
    record Level(
            HealthCheckReader.Level common,
            SortedMap<String, List<Section>> named,
            CheckRequirement require,
            List<Named> checks) {

        /** Returns whether a check asks something of a port, and neither it nor the real server with {@code port} has one. */
        boolean lacksPort(int port) {
            return checks.stream()
                    .anyMatch(check -> check.spec().probe().needsPort()
                            && check.level().port().orElse(port) == 0);
        }

        /**
         * Returns the checks of the real server at that address and port.
         *
         * @param path how a check through the virtual server gets there
         */
        CheckSet of(IpAddress address, int port, CheckPathReader path) {
            List<NamedCheck> targets = new ArrayList<>(checks.size());
            for (Named check : checks) {
                if (check.level().throughVirtualServer() && check.spec().probe() instanceof NetworkProbeSpec question) {
                    targets.add(new NamedCheck(check.name(), path.target(check, question, address)));
                    continue;
                }
                boolean unchecked = check.spec().probe() instanceof NoProbeSpec;
                ServerAddress where = unchecked
                        ? new ServerAddress(address, port)
                        : check.level().where(address, port);
                targets.add(new NamedCheck(check.name(), new CheckTarget(where, check.spec())));
            }
            return new CheckSet(require, targets);
        }
    }

    /** A check that has no address yet. */
    record Named(String name, HealthCheckReader.Level level, CheckSpec spec) {}

    /** Declares the keys that every level has. */
    static void declare(Keys keys) {
        keys.add(HealthCheckReader.SECTION);
        keys.add(NAMED);
        keys.add(REQUIRE);
    }

    /** Returns the level of {@code holder}: {@code above} itself unless {@code holder} says anything of health checks. */
    static Level read(Section holder, Level above) {
        if (!holder.has(HealthCheckReader.SECTION) && !holder.has(NAMED) && !holder.has(REQUIRE)) {
            return above;
        }
        HealthCheckReader.Level common = HealthCheckReader.read(holder, HealthCheckReader.SECTION, above.common());
        SortedMap<String, List<Section>> named = new TreeMap<>(above.named());
        for (Section own : holder.named(NAMED, HealthCheckReader.KEYS)) {
            Names.check(own, "", own.name());
            List<Section> levels = new ArrayList<>(named.getOrDefault(own.name(), List.of()));
            levels.add(own);
            named.put(own.name(), List.copyOf(levels));
        }
        CheckRequirement require = holder.choice(REQUIRE, REQUIREMENTS).orElse(above.require());
        return new Level(common, named, require, checks(common, named));
    }

    /** Returns the level of the built-in defaults, which name no check. */
    static Level builtIn(Section holder) {
        HealthCheckReader.Level common = HealthCheckReader.builtIn(holder, HealthCheckReader.SECTION);
        SortedMap<String, List<Section>> named = new TreeMap<>();
        return new Level(common, named, holder.choice(REQUIRE, REQUIREMENTS).orElseThrow(), checks(common, named));
    }

    private static List<Named> checks(HealthCheckReader.Level common, SortedMap<String, List<Section>> named) {
        List<Named> checks = new ArrayList<>();
        named.forEach((name, levels) -> {
            HealthCheckReader.Level check = common;
            for (Section level : levels) {
                check = HealthCheckReader.overlay(level, check);
            }
            if (!(check.check().probe() instanceof NoProbeSpec)) {
                checks.add(new Named(name, check, check.check()));
            }
        });
        if (named.isEmpty()) {
            return List.of(new Named(CheckSet.ONLY, common, common.check()));
        }
        return checks.isEmpty()
                ? List.of(new Named(CheckSet.ONLY, common, unchecked(common.check())))
                : List.copyOf(checks);
    }

    /** Every name was taken out. */
    private static CheckSpec unchecked(CheckSpec common) {
        return new CheckSpec(new NoProbeSpec(), common.interval(), common.timeout(), common.rise(), common.fall());
    }

    /** Returns the name of {@code require} in the configuration. */
    static String name(CheckRequirement require) {
        return REQUIREMENTS.nameOf(require);
    }
}
