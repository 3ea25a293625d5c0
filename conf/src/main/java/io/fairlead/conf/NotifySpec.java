package io.fairlead.conf;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A program that is told of each change of role.
 *
 * @param command an absolute path and its arguments; behind them come the unit's name, its new role and its priority
 * @param user as whom it runs; empty for the user of this process
 * @param timeout it is killed then
 */
public record NotifySpec(List<String> command, Optional<String> user, Optional<String> group, Duration timeout) {

    public NotifySpec {
        command = List.copyOf(command);
    }
}
