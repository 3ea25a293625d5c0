package io.fairlead.system.packages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command on the booted system itself, not in a network namespace, run to its end. Says on standard output what it ran and
 * how long that took: in an emulated machine that is what one wants to know first.
 *
 * @param out standard output and standard error together
 */
record Command(List<String> words, int exit, String out) {

    private static final Duration TIME_LIMIT = Duration.ofMinutes(5);
    private static final int SHOWN_MAX = 100;

    static Command attempt(String... words) {
        long start = System.nanoTime();
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIME_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(List.of(words) + " has not ended within " + TIME_LIMIT);
            }
            Command done = new Command(List.of(words), process.exitValue(), out);
            done.tell((System.nanoTime() - start) / 1e9);
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void tell(double seconds) {
        String line = String.join(" ", words).replace('\n', ' ');
        if (seconds > 1) { // what is asked again and again would drown the rest
            System.out.printf(
                    "%6.1f s  %s%n", seconds, line.length() > SHOWN_MAX ? line.substring(0, SHOWN_MAX) + "..." : line);
        }
    }

    static String run(String... words) {
        Command command = attempt(words);
        if (command.exit != 0) {
            throw new AssertionError(String.join(" ", words) + " ended with " + command.exit + ": " + command.out);
        }
        return command.out;
    }
}
