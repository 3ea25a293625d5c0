package io.fairlead.core.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds back a change that would remove too much at once: more often a mistake (a file cut short, a source of real servers
 * that answers with nothing) than a wish. The operator can force it.
 *
 * @param virtualServersPercent how many of the virtual servers one change may remove; 100 for all
 * @param realServersPercent the same for real servers, those of removed virtual servers included
 */
public record RemovalGuard(int virtualServersPercent, int realServersPercent) {

    public static final RemovalGuard OFF = new RemovalGuard(100, 100);

    public RemovalGuard {
        if (virtualServersPercent < 0
                || virtualServersPercent > 100
                || realServersPercent < 0
                || realServersPercent > 100) {
            throw new IllegalArgumentException("removal guard " + virtualServersPercent + ", " + realServersPercent
                    + " percent (expected: 0..100)");
        }
    }

    /** Of so many, a change removes so many. */
    public record Removal(int removed, int all) {

        private boolean exceeds(int percent) {
            return removed * 100L > (long) percent * all;
        }
    }

    /** Returns why the change is held back; empty if it is not. */
    public List<String> objections(Removal virtualServers, Removal realServers) {
        List<String> objections = new ArrayList<>();
        object(objections, "virtual servers", virtualServers, virtualServersPercent);
        object(objections, "real servers", realServers, realServersPercent);
        return objections;
    }

    private static void object(List<String> objections, String what, Removal removal, int percent) {
        if (removal.exceeds(percent)) {
            objections.add("would remove " + removal.removed() + " of " + removal.all() + " " + what
                    + " at once (expected: at most " + percent + " % unless forced)");
        }
    }
}
