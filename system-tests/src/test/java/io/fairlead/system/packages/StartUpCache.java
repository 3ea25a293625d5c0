package io.fairlead.system.packages;

import static io.fairlead.system.packages.PackagedService.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The start-up cache of the package, made once in this machine by the package's own service: under emulation that takes
 * minutes, and every start after it half the time.
 */
final class StartUpCache {

    /** Where a copy is kept. The package makes no other while it is there, see {@link PackagedService#placeOn}. */
    static final Path KEPT = Path.of("/run/start-up-cache");

    private static final Path CACHE = Path.of("/var/cache/fairlead");
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private StartUpCache() {}

    /**
     * Waits until the installed package has made it; a package that is installed later gets the copy. That fits because the
     * files of the package have the same times wherever they are.
     */
    static void settle() {
        if (Files.exists(KEPT)) {
            Command.run("cp", "-aT", KEPT.toString(), CACHE.toString());
        } else {
            await("start-up cache", PATIENCE, "fairlead-cache", () -> Files.exists(CACHE.resolve("run.aot")));
            Command.run("cp", "-aT", CACHE.toString(), KEPT.toString());
        }
    }
}
