package io.fairlead.system.packages;

import io.fairlead.system.topology.NetworkHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The service of the DEB on the booted system, whose systemd runs it in the network namespace of a host of the topology; all
 * else is as it is delivered.
 */
final class PackagedService {

    static final Path CONFIGURATION = Path.of("/etc/fairlead/fairlead.conf");
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private PackagedService() {}

    /** To be called before the package is installed. */
    static void placeOn(NetworkHost edge) throws IOException {
        addTo("fairlead.service", """
            [Service]
            NetworkNamespacePath=/run/netns/%s
            WatchdogSec=20s
            RestartSec=1s
            """.formatted(edge.namespace()));
        addTo("fairlead-cache.service", """
            [Unit]
            ConditionPathExists=!%s
            """.formatted(StartUpCache.KEPT));
    }

    private static void addTo(String unit, String lines) throws IOException {
        Path folder = Files.createDirectories(Path.of("/etc/systemd/system", unit + ".d"));
        Files.writeString(folder.resolve("lab.conf"), lines);
    }

    static boolean isActive() {
        return Command.attempt("systemctl", "is-active", "fairlead").exit() == 0;
    }

    static String mainPid() {
        return Command.run("systemctl", "show", "-P", "MainPID", "fairlead").strip();
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, PATIENCE, "fairlead", condition);
    }

    /** @param unit whose log tells why, should it not come true */
    static void await(String what, Duration patience, String unit, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + patience + ": " + what + "\n"
                        + Command.attempt("journalctl", "-u", unit, "--no-pager", "-n", "40")
                                .out());
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
