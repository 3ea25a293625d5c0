package io.fairlead.system.benchmark;

import io.fairlead.core.execute.TableFollower;
import io.fairlead.core.execute.TableFollower.Outcome;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import io.fairlead.linux.socket.NetlinkSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Programs an empty table, the way named by the first argument, and prints {@code millis N}. One process a way, each in a
 * network namespace of its own: a table that was emptied is slower than one that is new.
 *
 * <ul>
 *   <li>{@code kernel}: sends the messages, encoded beforehand; the limit that the kernel sets
 *   <li>{@code fairlead}: from the pools wanted to the kernel's word that it has them: plan, encode, send, check. The same
 *       code has run on a recording before, so that the JVM runs it compiled
 *   <li>{@code fairlead-cold}: the same, as the first thing that the JVM does
 * </ul>
 *
 * <p>Fairlead's ways then read the whole table back ({@code audit-millis}), follow the same pools again, which must take no
 * operation ({@code unchanged-millis}), change one weight at a time ({@code change-millis}, the median) and the weights of a
 * hundred virtual servers at once ({@code hundred-changes-millis}), and tell what the heap holds ({@code heap-mib}).
 */
final class ProgramTable {

    private static final int WARM_UPS = 4;
    private static final int SINGLE_CHANGES = 101;

    private ProgramTable() {}

    public static void main(String[] arguments) {
        Workload workload = Workload.parse(arguments[1], arguments[2]);
        switch (arguments[0]) {
            case "kernel" -> kernel(workload);
            case "fairlead" -> fairlead(workload, WARM_UPS);
            case "fairlead-cold" -> fairlead(workload, 0);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void kernel(Workload workload) {
        try (RecordingChannel recording = new RecordingChannel(NetlinkSocket.open(NetlinkSocket.GENERIC));
                IpvsNetlinkTable recorder = IpvsNetlinkTable.over(recording);
                NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.GENERIC)) {
            recorder.apply(workload.ops());
            List<ByteBuffer> datagrams = recording.take();
            long start = System.nanoTime();
            for (ByteBuffer datagram : datagrams) {
                socket.send(datagram);
            }
            print("millis", System.nanoTime() - start);
        }
    }

    private static void fairlead(Workload workload, int warmUps) {
        List<Pool> pools = workload.pools();
        for (int i = 0; i < warmUps; i++) {
            try (RecordingChannel recording = new RecordingChannel(NetlinkSocket.open(NetlinkSocket.GENERIC));
                    IpvsNetlinkTable recorder = IpvsNetlinkTable.over(recording)) {
                requireAll(new TableFollower(recorder).follow(pools, Set.of()), workload.entries());
            }
        }
        try (IpvsNetlinkTable table = IpvsNetlinkTable.open()) {
            TableFollower follower = new TableFollower(table);
            long start = System.nanoTime();
            Outcome outcome = follower.follow(pools, Set.of());
            print("millis", System.nanoTime() - start);
            requireAll(outcome, workload.entries());

            start = System.nanoTime();
            TableFollower.Audit audit = follower.startAudit();
            while (!audit.step(Integer.MAX_VALUE)) {}
            print("audit-millis", System.nanoTime() - start);
            if (!audit.drifted().isEmpty()) {
                throw new IllegalStateException(
                        "the kernel holds something else in " + audit.drifted().size());
            }
            start = System.nanoTime();
            Outcome again = follower.follow(workload.pools(), Set.of());
            print("unchanged-millis", System.nanoTime() - start);
            requireAll(again, 0);
            change(follower, workload);
        }
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf("heap-mib %d%n", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    private static void change(TableFollower follower, Workload workload) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < SINGLE_CHANGES; i++) {
            Pool pool = workload.pool(i, Workload.WEIGHT + 1);
            long start = System.nanoTime();
            Outcome outcome = follower.follow(List.of(pool), Set.of());
            nanos.add(System.nanoTime() - start);
            requireAll(outcome, 1);
        }
        print("change-millis", nanos.stream().sorted().toList().get(SINGLE_CHANGES / 2));
        List<Pool> hundred = IntStream.range(0, 100)
                .mapToObj(i -> workload.pool(i, Workload.WEIGHT + 2))
                .toList();
        long start = System.nanoTime();
        requireAll(follower.follow(hundred, Set.of()), 100);
        print("hundred-changes-millis", System.nanoTime() - start);
    }

    private static void requireAll(Outcome outcome, int operations) {
        if (!outcome.succeeded() || outcome.operations() != operations) {
            throw new IllegalStateException(outcome + " (expected: " + operations + " operations)");
        }
    }

    private static void print(String name, long nanos) {
        System.out.printf("%s %.1f%n", name, nanos / 1e6);
    }
}
