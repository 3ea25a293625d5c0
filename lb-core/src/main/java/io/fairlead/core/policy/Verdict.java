package io.fairlead.core.policy;

import java.util.OptionalInt;

/**
 * What the checks say of a real server.
 *
 * @param weight the weight that a check asks for, in place of the configured one; 0..65535, only of a healthy real server
 */
public record Verdict(Health health, OptionalInt weight) {

    public static final Verdict UNKNOWN = new Verdict(Health.UNKNOWN, OptionalInt.empty());
    public static final Verdict HEALTHY = new Verdict(Health.HEALTHY, OptionalInt.empty());
    public static final Verdict UNHEALTHY = new Verdict(Health.UNHEALTHY, OptionalInt.empty());

    public Verdict {
        if (weight.isPresent() && health != Health.HEALTHY) {
            throw new IllegalArgumentException(health + " with weight " + weight.getAsInt() + " (expected: none)");
        }
    }

    /** Returns the verdict without a weight. */
    public static Verdict of(Health health) {
        return switch (health) {
            case UNKNOWN -> UNKNOWN;
            case HEALTHY -> HEALTHY;
            case UNHEALTHY -> UNHEALTHY;
        };
    }
}
