package io.fairlead.core.policy;

import java.util.OptionalInt;

/**
 * What the checks say of a real server.
 *
 * @param weight the weight that a check asks for while the real server is healthy; 0..65535
 */
public record Verdict(Health health, OptionalInt weight) {

    public static final Verdict UNKNOWN = new Verdict(Health.UNKNOWN, OptionalInt.empty());
    public static final Verdict HEALTHY = new Verdict(Health.HEALTHY, OptionalInt.empty());
    public static final Verdict UNHEALTHY = new Verdict(Health.UNHEALTHY, OptionalInt.empty());

    /** Returns the verdict without a weight. */
    public static Verdict of(Health health) {
        return switch (health) {
            case UNKNOWN -> UNKNOWN;
            case HEALTHY -> HEALTHY;
            case UNHEALTHY -> UNHEALTHY;
        };
    }
}
