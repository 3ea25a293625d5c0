package io.fairlead.conf.keepalived;

import java.time.Duration;
import java.util.Optional;

/**
 * What checks take from the blocks around them: a virtual server's values are the defaults of its real servers, and theirs those
 * of their checks.
 *
 * @param retry failures that are forgiven
 * @param alpha down until the first success
 */
record CheckDefaults(
        Optional<Duration> connectTimeout,
        Optional<Long> retry,
        Optional<Duration> delayLoop,
        Optional<Boolean> alpha,
        Optional<String> virtualHost) {

    static final CheckDefaults NONE =
            new CheckDefaults(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Takes a keyword in if it is one of these. */
    Optional<CheckDefaults> with(Statement statement, Arguments arguments) {
        return switch (statement.keyword()) {
            case "connect_timeout" ->
                Optional.of(new CheckDefaults(
                        arguments.timer(statement).or(() -> connectTimeout), retry, delayLoop, alpha, virtualHost));
            case "retry", "nb_get_retry" ->
                Optional.of(new CheckDefaults(
                        connectTimeout,
                        arguments.number(statement, 0, Integer.MAX_VALUE).or(() -> retry),
                        delayLoop,
                        alpha,
                        virtualHost));
            case "delay_loop" ->
                Optional.of(new CheckDefaults(
                        connectTimeout, retry, arguments.timer(statement).or(() -> delayLoop), alpha, virtualHost));
            case "alpha" ->
                Optional.of(new CheckDefaults(
                        connectTimeout, retry, delayLoop, Optional.of(arguments.choice(statement)), virtualHost));
            case "virtualhost" ->
                Optional.of(new CheckDefaults(
                        connectTimeout,
                        retry,
                        delayLoop,
                        alpha,
                        arguments.text(statement).or(() -> virtualHost)));
            default -> Optional.empty();
        };
    }
}
