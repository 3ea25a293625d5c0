package io.fairlead.health.check;

import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;

/**
 * Keeps a real server that goes up and down again and again out for longer each time. Pure.
 *
 * <p>The first fall costs nothing beyond {@code rise}. A fall that comes before the real server was healthy for {@code
 * forgetAfter} is a further one: from then on it is held down, whatever its checks say, for {@code holdDown}, twice that at
 * the next, and so on up to {@code holdDownMax}. Once it was healthy for {@code forgetAfter} the next fall is a first again.
 *
 * <pre>
 *   fall    1    2          3            4            ...   bounded by
 *   held    0    holdDown   2 holdDown   4 holdDown         holdDownMax
 * </pre>
 *
 * @param holdDown 1 s..1 h
 * @param holdDownMax holdDown..1 d
 * @param forgetAfter 1 s..1 d
 */
public record FlapDamping(Duration holdDown, Duration holdDownMax, Duration forgetAfter) {

    public static final Duration HOLD_DOWN_MIN = Duration.ofSeconds(1);
    public static final Duration HOLD_DOWN_LIMIT = Duration.ofHours(1);
    public static final Duration LIMIT = Duration.ofDays(1);

    public FlapDamping {
        check("hold-down", holdDown, HOLD_DOWN_MIN, HOLD_DOWN_LIMIT);
        check("hold-down max", holdDownMax, holdDown, LIMIT);
        check("forget after", forgetAfter, HOLD_DOWN_MIN, LIMIT);
    }

    private static void check(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /** Returns what is remembered after a healthy real server became unhealthy at {@code now}. */
    Flaps fell(Flaps before, MonotonicInstant now) {
        boolean forgotten =
                before.falls() == 0 || now.since(before.healthySince()).compareTo(forgetAfter) >= 0;
        int falls = forgotten ? 1 : Math.min(before.falls(), Integer.MAX_VALUE - 1) + 1;
        return new Flaps(falls, before.healthySince(), now.plus(hold(falls)));
    }

    /** Returns for how long the fall of that number keeps a real server down. */
    public Duration hold(int fall) {
        Duration held = fall < 2 ? Duration.ZERO : holdDown;
        for (int further = 2; further < fall && held.compareTo(holdDownMax) < 0; further++) {
            held = held.multipliedBy(2);
        }
        return held.compareTo(holdDownMax) < 0 ? held : holdDownMax;
    }
}
