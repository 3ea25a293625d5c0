package io.fairlead.ha.wire;

import io.fairlead.ha.election.UnitHello;
import java.util.List;

/**
 * One datagram: what a peer says about all its units.
 *
 * @param sentNanos the sender's monotonic clock; rises with each hello
 */
public record Hello(long sentNanos, List<Echo> echoes, List<UnitHello> units) {

    /**
     * The last hello of one peer that the sender has processed.
     *
     * @param peer its number
     * @param sentNanos its own clock in that hello
     */
    public record Echo(int peer, long sentNanos) {}

    public Hello {
        echoes = List.copyOf(echoes);
        units = List.copyOf(units);
    }

    /** Returns the echo for the peer with this number, or 0 if the sender has heard nothing of it. */
    public long echoFor(int peer) {
        for (int index = 0; index < echoes.size(); index++) {
            if (echoes.get(index).peer() == peer) {
                return echoes.get(index).sentNanos();
            }
        }
        return 0;
    }
}
