package io.fairlead.health.check;

import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.Verdict;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * All checks of one real server, and how they add up. Pure.
 *
 * <pre>
 * require  the checks say                             together
 * -------  -----------------------------------------  ---------
 * ALL      any unhealthy                              UNHEALTHY   one proof against is enough
 * ALL      none unhealthy, any unknown                UNKNOWN     wait for it
 * ALL      every one healthy                          HEALTHY
 * ANY      any healthy                                HEALTHY     one proof for is enough
 * ANY      none healthy, any unknown                  UNKNOWN
 * ANY      every one unhealthy                        UNHEALTHY
 * </pre>
 *
 * <p>A healthy real server has the lowest of the weights that its healthy checks ask for.
 *
 * @param checks by name, at least one; no name twice
 */
public record CheckSet(CheckRequirement require, List<NamedCheck> checks) {

    /** How a check is called that was given no name. */
    public static final String ONLY = "";

    /**
     * One of them.
     *
     * @param name as in the configuration; empty where there is only one and it needs none
     */
    public record NamedCheck(String name, CheckTarget target) {}

    public CheckSet {
        checks = List.copyOf(checks);
        if (checks.isEmpty()) {
            throw new IllegalArgumentException(
                    "no check (expected: at least one, of type none where nothing is asked)");
        }
        if (checks.stream().map(NamedCheck::name).distinct().count() < checks.size()) {
            throw new IllegalArgumentException("a name twice among " + checks);
        }
    }

    /** Returns the set of one check without a name. */
    public static CheckSet of(CheckTarget target) {
        return new CheckSet(CheckRequirement.ALL, List.of(new NamedCheck(ONLY, target)));
    }

    /** Returns what to check. */
    public List<CheckTarget> targets() {
        return checks.stream().map(NamedCheck::target).toList();
    }

    /** Returns what the checks say together, when each says {@code verdicts}. */
    public Verdict verdict(Function<CheckTarget, Verdict> verdicts) {
        if (checks.size() == 1) {
            return verdicts.apply(checks.getFirst().target());
        }
        boolean all = require == CheckRequirement.ALL;
        Health together = all ? Health.HEALTHY : Health.UNHEALTHY;
        OptionalInt lowest = OptionalInt.empty();
        for (NamedCheck check : checks) {
            Verdict verdict = verdicts.apply(check.target());
            together = all ? worse(together, verdict.health()) : better(together, verdict.health());
            lowest = lower(lowest, verdict.weight());
        }
        return together == Health.HEALTHY ? new Verdict(together, lowest) : Verdict.of(together);
    }

    private static Health worse(Health one, Health other) {
        return rank(one) < rank(other) ? one : other;
    }

    private static Health better(Health one, Health other) {
        return rank(one) > rank(other) ? one : other;
    }

    private static int rank(Health health) {
        return switch (health) {
            case UNHEALTHY -> 0;
            case UNKNOWN -> 1;
            case HEALTHY -> 2;
        };
    }

    private static OptionalInt lower(OptionalInt one, OptionalInt other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.getAsInt() <= other.getAsInt() ? one : other;
    }
}
