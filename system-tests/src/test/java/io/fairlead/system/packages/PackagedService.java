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
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private PackagedService() {}

    /** To be called before the package is installed. */
    static void placeOn(NetworkHost edge) throws IOException {
        Path units = Path.of("/etc/systemd/system");
        // It takes minutes under emulation, and everything works without it.
        Path cache = units.resolve("fairlead-cache.service");
        if (!Files.isSymbolicLink(cache)) {
            Files.createSymbolicLink(cache, Path.of("/dev/null"));
        }
        Path dropIn =
                Files.createDirectories(units.resolve("fairlead.service.d")).resolve("lab.conf");
        Files.writeString(
                dropIn,
                "[Service]\nNetworkNamespacePath=/run/netns/" + edge.namespace()
                        + "\nWatchdogSec=20s\nRestartSec=1s\n");
    }

    static boolean isActive() {
        return Command.attempt("systemctl", "is-active", "fairlead").exit() == 0;
    }

    static String mainPid() {
        return Command.run("systemctl", "show", "-P", "MainPID", "fairlead").strip();
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + "\n"
                        + Command.attempt("journalctl", "-u", "fairlead", "--no-pager", "-n", "40")
                                .out());
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
