package io.fairlead.system.benchmark;

import io.fairlead.core.model.RealServer;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits, within a network namespace, until the kernel's table is as expected, and prints {@code millis N}. The same watcher for
 * each contender, looking so seldom that it takes no time from them.
 *
 * <ul>
 *   <li>{@code first}: until there is any virtual server
 *   <li>{@code full}: until the last virtual server in the table's own order has all its real servers
 *   <li>{@code reload FILE NEXT PID WEIGHT BEFORE}: puts NEXT in the place of FILE, sends SIGHUP to PID, and waits until the
 *       first real server of the first virtual server has WEIGHT instead of BEFORE
 * </ul>
 */
final class WatchTable {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration TIME_LIMIT = Duration.ofMinutes(10);

    private WatchTable() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Workload workload = Workload.parse(arguments[1], arguments[2]);
        try (IpvsNetlinkTable table = IpvsNetlinkTable.open()) {
            long start = System.nanoTime();
            System.out.println("watching");
            switch (arguments[0]) {
                case "first" -> await(start, () -> !table.readVirtualServers().isEmpty());
                case "full" -> await(start, () -> isFull(table, workload));
                case "reload" -> {
                    int weight = Integer.parseInt(arguments[6]);
                    requireWeight(table, workload, Integer.parseInt(arguments[7]));
                    // Started beforehand: making a process takes longer than what is measured.
                    Process signaller = new ProcessBuilder("sh", "-c", "read _; kill -HUP " + arguments[5]).start();
                    Files.move(Path.of(arguments[4]), Path.of(arguments[3]), StandardCopyOption.ATOMIC_MOVE);
                    start = System.nanoTime();
                    signaller.outputWriter().write('\n');
                    signaller.outputWriter().flush();
                    await(start, () -> weight(table, workload) == weight);
                    if (signaller.waitFor() != 0) {
                        throw new IllegalStateException("kill -HUP " + arguments[5] + " failed");
                    }
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(long start, Condition condition) {
        while (!condition.holds()) {
            if (System.nanoTime() - start > TIME_LIMIT.toNanos()) {
                throw new IllegalStateException("not within " + TIME_LIMIT);
            }
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
        System.out.printf("millis %.1f%n", (System.nanoTime() - start) / 1e6);
    }

    private static boolean isFull(IpvsNetlinkTable table, Workload workload) {
        return table.readVirtualServers().size() == workload.virtualServers()
                && table.readRealServers(workload.key(workload.virtualServers() - 1))
                                .size()
                        == workload.realServersEach()
                && table.readRealServers(workload.key(0)).size() == workload.realServersEach();
    }

    private static void requireWeight(IpvsNetlinkTable table, Workload workload, int weight) {
        if (weight(table, workload) != weight) {
            throw new IllegalStateException(
                    "weight " + weight(table, workload) + " before the reload (expected: " + weight + ")");
        }
    }

    private static int weight(IpvsNetlinkTable table, Workload workload) {
        List<RealServer> members = table.readRealServers(workload.key(0));
        return members.stream()
                .filter(member -> member.key().address().address().equals(workload.realServer(0, 0)))
                .mapToInt(RealServer::weight)
                .findFirst()
                .orElse(-1);
    }
}
