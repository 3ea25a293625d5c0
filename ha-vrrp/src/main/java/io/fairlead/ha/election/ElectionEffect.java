package io.fairlead.ha.election;

import io.fairlead.core.time.MonotonicInstant;

/** What the shell must do, in the order of the list; the first failure ends the list and comes back as an event. */
public sealed interface ElectionEffect {

    /** All addresses of the unit or none, for the kernel to remove at {@code until}. Those that exist are renewed. */
    record AddAddresses(MonotonicInstant until) implements ElectionEffect {}

    /** As {@link AddAddresses}; refused if {@code until} has passed. */
    record RenewAddresses(MonotonicInstant until) implements ElectionEffect {}

    /** After this none of the addresses is answered for. */
    record RemoveAddresses() implements ElectionEffect {}

    /** One gratuitous ARP request and reply, or unsolicited NA, for each address. */
    record Announce() implements ElectionEffect {}

    /** {@link ElectionState#hello} to every peer, at once. */
    record SendHello() implements ElectionEffect {}

    /** Ask on the link who is there; answer with {@link ElectionEvent.IsolationTested}, or not at all if it cannot be asked. */
    record TestIsolation() implements ElectionEffect {}

    /** Tell whoever follows the role: log, scripts, connection sync. Must not take time. */
    record RoleChanged(HelloRole role, long term) implements ElectionEffect {}
}
