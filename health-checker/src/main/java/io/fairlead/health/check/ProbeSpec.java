package io.fairlead.health.check;

/**
 * The question that one probe asks: one record for each type. Two equal specs asked of one address are one probe, so a spec
 * holds everything that could make a difference and prints the same in every process ({@link CheckSchedule} hashes it).
 */
public sealed interface ProbeSpec permits NoProbeSpec, NetworkProbeSpec, ScriptProbeSpec, FileProbeSpec, IcmpProbeSpec {

    /** Returns the name of this type in configuration, status and metrics. */
    String type();

    /** Returns whether this asks something of a port; if not, the target may be any port, 0. */
    default boolean needsPort() {
        return true;
    }
}
