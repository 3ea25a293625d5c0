package io.fairlead.appliance.state;

import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.ha.shared.Wish;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Between the terms of the policy and those that peers share, which know nothing of virtual servers. Pure. */
public final class SharedTerms {

    private SharedTerms() {}

    /** Returns what peers call this real server. */
    public static String subject(RealServerName name) {
        return name.toString();
    }

    /** Returns which real server is meant; empty if {@code subject} names none. No name of a real server has a slash. */
    public static Optional<RealServerName> name(String subject) {
        int slash = subject.lastIndexOf('/');
        return slash <= 0 || slash == subject.length() - 1
                ? Optional.empty()
                : Optional.of(new RealServerName(subject.substring(0, slash), subject.substring(slash + 1)));
    }

    /** Returns the wish; empty if nothing is wished. */
    public static Optional<Wish> wish(OperatorOverride override) {
        if (override.equals(OperatorOverride.NONE)) {
            return Optional.empty();
        }
        Wish.Service service = switch (override.state()) {
            case ENABLED -> Wish.Service.ENABLED;
            case DRAINED -> Wish.Service.DRAINED;
            case DISABLED -> Wish.Service.DISABLED;
        };
        OptionalLong drainTimeoutSeconds = override.drainTimeout()
                .map(timeout -> OptionalLong.of(timeout.toSeconds()))
                .orElse(OptionalLong.empty());
        return Optional.of(new Wish(service, override.weight(), drainTimeoutSeconds));
    }

    /** Returns what the wish means to the policy. */
    public static OperatorOverride override(Wish wish) {
        AdminState state = switch (wish.service()) {
            case ENABLED -> AdminState.ENABLED;
            case DRAINED -> AdminState.DRAINED;
            case DISABLED -> AdminState.DISABLED;
        };
        Optional<Duration> drainTimeout = wish.drainTimeoutSeconds().isPresent()
                ? Optional.of(Duration.ofSeconds(wish.drainTimeoutSeconds().getAsLong()))
                : Optional.empty();
        return new OperatorOverride(state, wish.weight(), drainTimeout);
    }

    /** Returns what the wishes mean to the policy, by real server. */
    public static Map<RealServerName, OperatorOverride> overrides(Map<String, Wish> wishes) {
        Map<RealServerName, OperatorOverride> overrides = HashMap.newHashMap(wishes.size());
        wishes.forEach((subject, wish) -> name(subject).ifPresent(name -> overrides.put(name, override(wish))));
        return overrides;
    }

    /** Returns what peers call this verdict. */
    public static HealthClaim.Health health(Health health) {
        return switch (health) {
            case UNKNOWN -> HealthClaim.Health.UNKNOWN;
            case HEALTHY -> HealthClaim.Health.HEALTHY;
            case UNHEALTHY -> HealthClaim.Health.UNHEALTHY;
        };
    }
}
