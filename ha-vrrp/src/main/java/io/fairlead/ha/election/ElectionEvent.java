package io.fairlead.ha.election;

/** What happens to a unit. Peers are named by their index in the spec. */
public sealed interface ElectionEvent {

    /** The table is loaded and the addresses' interface is there; left-over addresses have been removed. */
    record Started() implements ElectionEvent {}

    /** Nothing but time. The shell reads all that has arrived before it sends one. */
    record Tick() implements ElectionEvent {}

    /**
     * @param boot the sender's process
     * @param sentNanos the sender's clock when it sent this; rises within a boot
     * @param echoNanos the {@code sentNanos} of the last hello of ours that the sender has processed; 0: none
     */
    record HelloReceived(int peer, long boot, long sentNanos, long echoNanos, UnitHello hello)
            implements ElectionEvent {}

    /**
     * An authentic hello that this release cannot read: the peer lives, and little more is known of it.
     *
     * @param sentNanos as above; of no meaning where {@code holding} is {@link Holding#UNKNOWN}, as all that follows
     * @param term of the claim, or the highest term that the sender knows
     * @param intervalNanos the sender's advertisement interval
     */
    record UnreadableReceived(int peer, long boot, long sentNanos, Holding holding, long term, long intervalNanos)
            implements ElectionEvent {}

    /** A hint: the peer's connection was closed, or it left the view. */
    record Suspected(int peer) implements ElectionEvent {}

    /** A tracked thing failed or recovered. */
    record TrackChanged(int track, boolean failed) implements ElectionEvent {}

    /** Whether this appliance knows the connections well enough to take over from a living master. */
    record WarmChanged(boolean warm) implements ElectionEvent {}

    /** Maintenance: holds nothing, and is not a candidate, until it ends. */
    record MaintenanceChanged(boolean on) implements ElectionEvent {}

    /** The operator wants the addresses elsewhere. */
    record HandOverRequested() implements ElectionEvent {}

    /** Addresses could not be added, renewed or removed. The effects behind the failed one were not executed. */
    record AddressesFailed() implements ElectionEvent {}

    /** The answer to {@link ElectionEffect.TestIsolation}. */
    record IsolationTested(IsolationVerdict verdict) implements ElectionEvent {}

    /** All that had arrived when the unit noticed a stall has been read; see {@link ElectionState#isBehind}. */
    record Drained() implements ElectionEvent {}

    /** Hand over if somebody is there, remove the addresses, say goodbye. */
    record ShutdownRequested() implements ElectionEvent {}
}
