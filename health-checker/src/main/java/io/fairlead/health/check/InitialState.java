package io.fairlead.health.check;

/** What a target counts as until its checks have said something. */
public enum InitialState {
    /** Unknown until the first verdict: one pass makes it healthy, {@code fall} failures unhealthy. */
    WAIT,
    /** Healthy from the first moment: only {@code fall} failures take it out. */
    UP,
    /**
     * Unknown until {@code rise} passes or {@code fall} failures: it must prove itself as after a failure. It is not called
     * unhealthy, since that would take it out of a table in which a restarted appliance finds it at work.
     */
    DOWN
}
