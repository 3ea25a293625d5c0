package io.fairlead.appliance.loop;

import io.fairlead.core.time.DurationCounts;

/**
 * How the control loop keeps up.
 *
 * @param queued events that wait now
 * @param queueCapacityMax how many may
 * @param refused requests that found the queue full
 * @param turns how long it took for one event and what followed it
 * @param changes how long it took to bring virtual servers about
 * @param audits how long it took to read the whole table again, in steps between other work
 */
public record LoopCounts(
        int queued,
        int queueCapacityMax,
        long refused,
        DurationCounts turns,
        DurationCounts changes,
        DurationCounts audits) {}
