package io.fairlead.ha.sim;

import io.fairlead.ha.election.IsolationVerdict;
import io.fairlead.ha.election.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The link with its gateway, that appliances ask when they hear no peer. A path between peers may be cut while both reach the
 * link; a node that is cut off reaches nobody.
 */
final class SimulatedLink {

    /** Longer than the longest wait for a peer, a second between two questions, and an answer. */
    static final long LETS_GO_WITHIN = 2_700 * Simulation.MILLI;

    /** Longer than an answer may lie between the question and the takeover. */
    private static final long ANSWER_AGE_MAX = 400 * Simulation.MILLI;

    private static final long ANSWER = 60 * Simulation.MILLI;
    private static final long NO_ANSWER = 300 * Simulation.MILLI;

    private final Simulation simulation;
    private final List<SimulatedNode> nodes;
    /** Of its own, so that whether the link is asked does not change what else happens. */
    private final Random random;

    private final boolean[] cutOff;
    private long changedAt;

    SimulatedLink(Simulation simulation, List<SimulatedNode> nodes) {
        this.simulation = simulation;
        this.nodes = nodes;
        random = new Random(simulation.seed);
        cutOff = new boolean[nodes.size()];
    }

    boolean isCutOff(int node) {
        return cutOff[node];
    }

    /** A node that hears nobody any more may be cut off from the link, too, and then for longer; returns until when. */
    long cutOff(SimulatedNode node, long until) {
        if (random.nextBoolean() || cutOff[node.index()]) {
            return until;
        }
        long began = simulation.now();
        long end = began + (2_800 + random.nextInt(1_200)) * Simulation.MILLI;
        simulation.note("cut off " + node.index());
        set(node, true);
        simulation.at(end, () -> set(node, false));
        simulation.at(began + LETS_GO_WITHIN, () -> {
            if (cutOff[node.index()] && changedAt <= began && node.isUndisturbedSince(began)) {
                simulation.require(!node.answers(), "CutOffLetsGo", "node " + node.index() + " holds");
            }
        });
        return end;
    }

    private void set(SimulatedNode node, boolean off) {
        cutOff[node.index()] = off;
        changedAt = simulation.now();
    }

    void mend() {
        Arrays.fill(cutOff, false);
        changedAt = simulation.now();
    }

    void ask(SimulatedNode node) {
        simulation.at(simulation.now() + Simulation.MILLI, () -> {
            IsolationVerdict verdict = verdict(node);
            long patience = verdict == IsolationVerdict.CUT_OFF ? NO_ANSWER : ANSWER;
            simulation.at(simulation.now() + patience, () -> node.answered(verdict));
        });
    }

    private IsolationVerdict verdict(SimulatedNode node) {
        if (cutOff[node.index()]) {
            return IsolationVerdict.CUT_OFF;
        }
        boolean taken = nodes.stream().anyMatch(other -> other != node && other.answers() && !cutOff[other.index()]);
        return taken ? IsolationVerdict.TAKEN : IsolationVerdict.FREE;
    }

    /** Of two on one link, none takes over from silence what the other has answered for all the while. */
    void takesOver(SimulatedNode node) {
        long recently = simulation.now() - ANSWER_AGE_MAX;
        if (nodes.size() != 2 || changedAt > recently || !node.isUndisturbedSince(recently)) {
            return;
        }
        SimulatedNode other = nodes.get(1 - node.index());
        if (other.state().phase() instanceof Phase.Fault) {
            return; // it is heard, and could not remove what it says to have let go
        }
        boolean connected = !cutOff[node.index()] && !cutOff[other.index()];
        simulation.require(
                !connected || !other.answersSince(recently),
                "LeftToWhoHolds",
                "node " + node.index() + " takes what the other holds");
    }
}
