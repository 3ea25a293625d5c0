package io.fairlead.ha.sim;

import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.Holding;
import io.fairlead.ha.election.UnitHello;
import java.util.Random;

/**
 * One node of another release: it and the others cannot read each other's hellos, but for what every release understands. At times
 * not even that. In half of the runs it is replaced in the end by one that can be read.
 */
final class ForeignNode {

    private final Simulation simulation;
    /** Of its own, so that what else happens is what happens without. */
    private final Random random;

    private final int index;
    private final boolean stays;
    private boolean illegible;
    private boolean readable;

    ForeignNode(Simulation simulation, int nodes) {
        this.simulation = simulation;
        random = new Random(simulation.seed);
        index = random.nextInt(nodes);
        stays = random.nextBoolean();
    }

    void scheduleFaults(long end) {
        for (int fault = random.nextInt(3); fault > 0; fault--) {
            long begin = (long) (random.nextDouble() * end);
            simulation.at(begin, () -> illegible(true));
            simulation.at(begin + random.nextInt(1_500) * Simulation.MILLI, () -> illegible(false));
        }
    }

    private void illegible(boolean is) {
        simulation.note("foreign " + index + (is ? " illegible" : " legible"));
        illegible = is;
    }

    void mend() {
        illegible = false;
        readable = !stays;
    }

    boolean isBetween(int from, int to) {
        return !readable && (from == index || to == index);
    }

    ElectionEvent unreadable(int from, long boot, long sentNanos, UnitHello hello) {
        if (illegible) {
            return new ElectionEvent.UnreadableReceived(from, boot, 0, Holding.UNKNOWN, 0, hello.intervalNanos());
        }
        Holding holding = hello.role().claims() ? Holding.YES : Holding.NO;
        return new ElectionEvent.UnreadableReceived(
                from, boot, sentNanos, holding, hello.term(), hello.intervalNanos());
    }
}
