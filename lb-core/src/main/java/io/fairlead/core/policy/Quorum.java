package io.fairlead.core.policy;

/**
 * How much of a pool must be live. Counts weights, not real servers, as keepalived does.
 *
 * <p>With {@code q} and {@code h} after the reductions below, and {@code live} the sum of the weights of the live real
 * servers:
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>when</th><th>to</th></tr>
 * <tr><td>lost</td><td>{@code live >= q + h}</td><td>held</td></tr>
 * <tr><td>held</td><td>{@code live < q - h}, or {@code live == 0}</td><td>lost</td></tr>
 * <tr><td>undecided</td><td>{@code live >= q}</td><td>held</td></tr>
 * <tr><td>undecided</td><td>{@code live} and the weights without a verdict together {@code < q}</td><td>lost</td></tr>
 * </table>
 *
 * <p>Reductions: {@code q} is at most the sum of all configured weights, and {@code h} at most {@code q - 1}, so that a
 * quorum can be lost; {@code q + h} is at most that sum too, so that it can be gained again. (keepalived has the first two.)
 *
 * @param weight from 1
 * @param hysteresis from 0
 */
public record Quorum(long weight, long hysteresis) {

    public static final Quorum ONE = new Quorum(1, 0);

    public Quorum {
        if (weight < 1 || hysteresis < 0) {
            throw new IllegalArgumentException(
                    "quorum " + weight + ", hysteresis " + hysteresis + " (expected: from 1, from 0)");
        }
    }

    /** Whether enough of a pool is live. */
    public enum State {
        /** Since the start, too little is known to say. */
        UNDECIDED,
        HELD,
        LOST
    }

    /**
     * Returns the state after {@code before}.
     *
     * @param live the sum of the weights of the live real servers
     * @param waiting the sum of the weights of those without a verdict
     * @param configured the sum of all configured weights
     */
    public State next(State before, long live, long waiting, long configured) {
        long quorum = Math.max(1, Math.min(weight, configured));
        long slack = Math.min(hysteresis, quorum - 1);
        return switch (before) {
            case HELD -> live == 0 || live < quorum - slack ? State.LOST : State.HELD;
            case LOST -> live > 0 && live >= Math.min(quorum + slack, configured) ? State.HELD : State.LOST;
            case UNDECIDED -> {
                if (live >= quorum) {
                    yield State.HELD;
                }
                yield live + waiting < quorum ? State.LOST : State.UNDECIDED;
            }
        };
    }
}
