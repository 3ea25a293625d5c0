package io.fairlead.appliance.loop;

import java.time.Duration;

/**
 * How long the table is left alone between two audits: as configured, and so long that reading a very large table takes no
 * more than a tenth of the time. Pure.
 */
final class AuditPace {

    private static final int REST = 9;

    private AuditPace() {}

    /**
     * @param interval what is configured
     * @param took how long the last audit took, from its begin to its end
     */
    static Duration pause(Duration interval, Duration took) {
        Duration rest = took.multipliedBy(REST);
        return rest.compareTo(interval) > 0 ? rest : interval;
    }
}
