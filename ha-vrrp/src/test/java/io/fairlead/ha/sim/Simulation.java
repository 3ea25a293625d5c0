package io.fairlead.ha.sim;

import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.ElectionEvent;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.SafetyLevel;
import io.fairlead.ha.election.TrackSpec;
import io.fairlead.ha.election.UnitHello;
import io.fairlead.ha.election.UnitSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One run: five seconds of faults, then everything is mended, and after a time to settle nothing may move any more.
 *
 * <p>Invariants, by the names of docs/internals/election.md: {@code OneHolderWhenStrict}, {@code TermsNeverDecrease},
 * {@code SilentUntilRead}, {@code EffectsInOrder}, {@code NobodyHoldsInFault}, {@code LivingIsNotSilent} after every event;
 * {@code OneMasterWhenConnected}, {@code HolderIsMaster}, {@code CachesPointToMaster}, {@code NoFlapping} in the quiet.
 */
final class Simulation {

    static final long MILLI = 1_000_000L;
    private static final long FAULTS_END = 5_000 * MILLI;
    private static final long SETTLED = FAULTS_END + 9_000 * MILLI;
    private static final long END = SETTLED + 3_000 * MILLI;

    private record Scheduled(long at, long sequence, Runnable action) implements Comparable<Scheduled> {
        @Override
        public int compareTo(Scheduled other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    /** What there is beside the nodes and their faults. */
    enum World {
        PLAIN,
        /** At level available, a link that can be asked. */
        ASKING,
        /** One node of a release that the others cannot read, and that cannot read them. */
        FOREIGN
    }

    final long seed;
    final Random random;
    final Rules rules;
    final SafetyLevel safety;
    final long grainNanos;
    final boolean hiddenFreezes;

    /** What the units ask when they hear nobody; absent where they do not ask. */
    final @Nullable SimulatedLink link;

    /** Whose hellos, and who, cannot be read by the others; absent where all run the same release. */
    private final @Nullable ForeignNode foreign;

    private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final boolean[][] cut;
    private final @Nullable StringBuilder trace;
    private double loss;
    private long delayMax;
    private double duplicates;
    private long now;
    private long sequence;

    /** The switch: which node the hosts' caches name, -1 at first; each host hears each announcement or not. */
    private final int[] caches = new int[3];

    private int roleChangesWhenSettled;

    Simulation(long seed, Rules rules, boolean traced) {
        this(seed, rules, traced, World.PLAIN);
    }

    Simulation(long seed, Rules rules, boolean traced, World world) {
        boolean asking = world == World.ASKING;
        this.seed = seed;
        this.rules = rules;
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        trace = traced ? new StringBuilder() : null;
        int level = random.nextInt(4);
        safety = asking || level > 1 ? SafetyLevel.AVAILABLE : level == 0 ? SafetyLevel.STRICT : SafetyLevel.WITNESSED;
        int count = safety.needsMajority() ? 3 : 2 + random.nextInt(2);
        grainNanos = (random.nextBoolean() ? 20 : 1_400) * MILLI;
        hiddenFreezes = !safety.needsMajority() && random.nextInt(4) == 0;
        boolean preempt = random.nextInt(3) > 0;
        Duration delay = Duration.ofMillis(random.nextInt(500));
        List<PeerSpec> peers = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            boolean witness = safety == SafetyLevel.WITNESSED && index == 0;
            peers.add(new PeerSpec(index + 1, "n" + index, IpAddress.parse("192.0.2." + (index + 1)), witness));
        }
        boolean equal = random.nextInt(3) == 0;
        for (int index = 0; index < count; index++) {
            UnitSpec spec = new UnitSpec(
                    51,
                    "blue",
                    equal ? 100 : 100 + random.nextInt(100),
                    preempt,
                    delay,
                    Duration.ofMillis(100),
                    3,
                    safety,
                    Duration.ofSeconds(2),
                    Duration.ofNanos(grainNanos),
                    asking,
                    List.of(new TrackSpec("uplink", 0), new TrackSpec("script", -60)),
                    peers,
                    index);
            nodes.add(new SimulatedNode(this, index, spec));
        }
        foreign = world == World.FOREIGN ? new ForeignNode(this, count) : null;
        link = asking ? new SimulatedLink(this, nodes) : null;
        cut = new boolean[count][count];
        Arrays.fill(caches, -1);
    }

    String trace() {
        return trace == null ? "" : trace.toString();
    }

    void run() {
        loss = random.nextInt(3) == 0 ? random.nextDouble() * 0.4 : 0;
        delayMax = random.nextInt(4) == 0 ? 60 * MILLI : 2 * MILLI;
        duplicates = random.nextInt(3) == 0 ? 0.2 : 0;
        for (SimulatedNode node : nodes) {
            at(random.nextInt(300) * MILLI, node::start);
        }
        int faults = random.nextInt(9);
        for (int fault = 0; fault < faults; fault++) {
            at((long) (random.nextDouble() * FAULTS_END), this::fault);
        }
        if (foreign != null) {
            foreign.scheduleFaults(FAULTS_END);
        }
        at(FAULTS_END, this::mend);
        at(SETTLED, () -> quiet("settled"));
        while (!queue.isEmpty() && queue.peek().at() <= END) {
            Scheduled next = queue.remove();
            now = next.at();
            next.action().run();
            checkAlways();
        }
        now = END;
        quiet("end");
        require(roleChangesWhenSettled == 0, "NoFlapping", roleChangesWhenSettled + " role changes in the quiet");
    }

    void at(long time, Runnable action) {
        queue.add(new Scheduled(Math.max(now, time), sequence++, action));
    }

    long now() {
        return now;
    }

    boolean tracing() {
        return trace != null;
    }

    void note(String what) {
        if (trace != null) {
            trace.append(now).append(' ').append(what).append('\n');
        }
    }

    private void fault() {
        SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
        SimulatedNode other = nodes.get(random.nextInt(nodes.size()));
        long until = now + ((long) (random.nextDouble() * 2_500)) * MILLI;
        switch (random.nextInt(9)) {
            case 0 -> {
                node.crash();
                at(until, node::start);
            }
            case 1 -> node.pause(until, false);
            case 2 -> node.pause(until, hiddenFreezes);
            case 3 -> cut(node, other, true, until);
            case 4 -> cut(node, other, false, until);
            case 5 -> {
                long end = link == null ? until : link.cutOff(node, until);
                for (SimulatedNode each : nodes) {
                    cut(node, each, true, end);
                }
            }
            case 6 -> {
                int track = random.nextInt(2);
                node.track(track, true);
                at(until, () -> node.track(track, false));
            }
            case 7 -> node.failNextEffect();
            default -> {
                if (random.nextBoolean()) {
                    node.offer(new ElectionEvent.HandOverRequested());
                } else {
                    node.offer(new ElectionEvent.Suspected(other.index()));
                }
            }
        }
    }

    private void cut(SimulatedNode from, SimulatedNode to, boolean both, long until) {
        if (from == to) {
            return;
        }
        note("cut " + from.index() + (both ? "<>" : ">") + to.index());
        cut[from.index()][to.index()] = true;
        cut[to.index()][from.index()] |= both;
        at(until, () -> {
            cut[from.index()][to.index()] = false;
            cut[to.index()][from.index()] &= !both;
        });
    }

    private void mend() {
        note("mend");
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
        if (link != null) {
            link.mend();
        }
        if (foreign != null) {
            foreign.mend();
        }
        loss = 0;
        duplicates = 0;
        delayMax = 2 * MILLI;
        for (SimulatedNode node : nodes) {
            node.mend();
        }
    }

    /** Sends to all: each link loses, delays, doubles and thereby reorders by itself. */
    void send(int from, long boot, long sentNanos, long[] echoes, UnitHello hello) {
        for (SimulatedNode to : nodes) {
            boolean apart = link != null && (link.isCutOff(from) || link.isCutOff(to.index()));
            if (to.index() == from || cut[from][to.index()] || apart) {
                continue;
            }
            int copies = random.nextDouble() < duplicates ? 2 : 1;
            for (int copy = 0; copy < copies; copy++) {
                if (random.nextDouble() >= loss) {
                    ElectionEvent heard = heard(from, to.index(), boot, sentNanos, echoes[to.index()], hello);
                    long delay = 20_000 + (long) (random.nextDouble() * delayMax);
                    at(now + delay, () -> to.offer(heard));
                }
            }
        }
    }

    private ElectionEvent heard(int from, int to, long boot, long sentNanos, long echoNanos, UnitHello hello) {
        return foreign != null && foreign.isBetween(from, to)
                ? foreign.unreadable(from, boot, sentNanos, hello)
                : new ElectionEvent.HelloReceived(from, boot, sentNanos, echoNanos, hello);
    }

    /** A gratuitous ARP goes to every host that is not behind a loss. */
    void announce(int from) {
        if (link != null && link.isCutOff(from)) {
            return;
        }
        for (int host = 0; host < caches.length; host++) {
            if (random.nextDouble() >= loss) {
                int cache = host;
                at(now + 50_000, () -> caches[cache] = from);
            }
        }
    }

    void roleChanged() {
        if (now > SETTLED) {
            roleChangesWhenSettled++;
        }
    }

    void require(boolean holds, String invariant, String detail) {
        if (!holds) {
            throw new Violation(invariant, seed, now, detail);
        }
    }

    private void checkAlways() {
        if (safety.needsMajority()) {
            int holders = 0;
            for (SimulatedNode node : nodes) {
                holders += node.answers() ? 1 : 0;
            }
            require(holders <= 1, "OneHolderWhenStrict", holders + " holders");
        }
    }

    private void quiet(String when) {
        int masters = 0;
        int master = -1;
        for (SimulatedNode node : nodes) {
            if (node.state().role() == HelloRole.MASTER) {
                masters++;
                master = node.index();
            }
        }
        require(masters == 1, "OneMasterWhenConnected", masters + " masters when " + when);
        for (SimulatedNode node : nodes) {
            require(
                    node.answers() == (node.index() == master),
                    "HolderIsMaster",
                    "node " + node.index() + (node.answers() ? " holds" : " does not hold") + ", master is " + master);
        }
        for (int cache : caches) {
            require(cache == master, "CachesPointToMaster", "a cache names " + cache + ", master is " + master);
        }
    }
}
