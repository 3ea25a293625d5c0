package io.fairlead.appliance.loop;

import java.time.Duration;
import java.util.Optional;

/** What an operator can do to one real server of one virtual server. */
public sealed interface OperatorCommand {

    /** Gives it no new connections, and takes it out when those that are open have ended, or at the timeout. */
    record Drain(Optional<Duration> timeout) implements OperatorCommand {}

    /** Takes it out at once. */
    record Disable() implements OperatorCommand {}

    /** Lets health decide again: the end of a drain and of being disabled. */
    record Enable() implements OperatorCommand {}

    /** Gives it another weight than the configured one; empty for the configured one again. */
    record SetWeight(Optional<Integer> weight) implements OperatorCommand {}
}
