package io.fairlead.ha.runtime;

/**
 * How well the election's thread keeps its time, since the start.
 *
 * @param latestNanos the most that it woke later than it wanted
 * @param late how often it woke later than half the shortest interval
 * @param dropped events that found the queue full
 * @param refused authentic hellos that could not be read
 */
public record RunnerStats(long latestNanos, long late, long dropped, long refused) {}
