package io.fairlead.appliance.loop;

import java.time.Duration;
import java.util.Optional;

/** What an operator can do to one real server of one virtual server. */
public sealed interface OperatorCommand {

    /** Returns the command as it is given. */
    String text();

    /** Gives it no new connections, and takes it out when those that are open have ended, or at the timeout. */
    record Drain(Optional<Duration> timeout) implements OperatorCommand {
        @Override
        public String text() {
            return "drain"
                    + timeout.map(limit -> " within " + limit.toSeconds() + " s")
                            .orElse("");
        }
    }

    /** Takes it out at once. */
    record Disable() implements OperatorCommand {
        @Override
        public String text() {
            return "disable";
        }
    }

    /** Lets health decide again: the end of a drain and of being disabled. */
    record Enable() implements OperatorCommand {
        @Override
        public String text() {
            return "enable";
        }
    }

    /** Gives it another weight than the configured one; empty for the configured one again. */
    record SetWeight(Optional<Integer> weight) implements OperatorCommand {
        @Override
        public String text() {
            return "set-weight "
                    + weight.map(number -> Integer.toString(number)).orElse("default");
        }
    }
}
