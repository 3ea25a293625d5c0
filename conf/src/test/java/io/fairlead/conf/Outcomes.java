package io.fairlead.conf;

import java.util.List;

/** What a test expects of a load; another outcome fails it and says why. */
final class Outcomes {

    private Outcomes() {}

    static FairleadConfig accepted(ConfigOutcome outcome) {
        return switch (outcome) {
            case ConfigOutcome.Accepted accepted -> accepted.config();
            case ConfigOutcome.Refused refused -> throw new AssertionError(refused.report());
        };
    }

    /** Returns a line for each mistake. */
    static List<String> refused(ConfigOutcome outcome) {
        return switch (outcome) {
            case ConfigOutcome.Accepted accepted -> throw new AssertionError(accepted.config());
            case ConfigOutcome.Refused refused -> refused.report();
        };
    }
}
