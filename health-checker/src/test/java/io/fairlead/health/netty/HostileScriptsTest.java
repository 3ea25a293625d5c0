package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.check.TargetChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scripts that do what a script should not, hundreds of times, beside one that behaves. */
@Timeout(240)
class HostileScriptsTest {

    /** How long those sleep that are to be killed: no other process of this machine sleeps just so long. */
    private static final String FOR_EVER = "98765." + ProcessHandle.current().pid();

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int RUNS = 300;

    private static final List<String> SCRIPTS = List.of(
            "i=0; while [ $i -lt 20 ]; do sleep FOR_EVER & i=$((i + 1)); done; exit 0",
            "trap '' TERM HUP INT PIPE; sleep FOR_EVER & sleep FOR_EVER",
            "exec >&- 2>&- <&-; sleep FOR_EVER",
            "head -c 1073741824 /dev/zero; exit 0",
            "sh -c 'exit 0' & exec sleep FOR_EVER",
            "(sleep FOR_EVER &) ; (sleep FOR_EVER &) ; exit 1",
            "setsid sleep 1 & exit 0",
            "kill -STOP $$",
            "exec 3</dev/null 4</dev/null 5>/dev/null; cat /proc/self/fd/9 2>&1; exit 3",
            "printf 'no end of line'; kill -9 0");

    private static CheckTarget target(int number, String script, Duration timeout) {
        return new CheckTarget(
                ServerAddress.parse("127.0.0.1:" + number),
                new CheckSpec(
                        new ScriptProbeSpec(
                                List.of("/bin/sh", "-c", script.replace("FOR_EVER", FOR_EVER)),
                                Optional.empty(),
                                Optional.empty(),
                                false),
                        timeout,
                        timeout,
                        1,
                        1));
    }

    @Test
    void leaveNoProcessNoZombieAndNoDescriptor() throws Exception {
        Set<String> childrenBefore = children();
        try (CheckBench warmUp = new CheckBench()) {
            assertThat(warmUp.firstResult(target(1, "exit 0", CheckBench.LONG)).detail())
                    .isEqualTo("exit code 0");
        }
        long descriptors = descriptors();
        try (CheckBench bench = new CheckBench()) {
            HealthChecker checker = bench.checker();
            Set<CheckTarget> hostile = new HashSet<>();
            for (int i = 0; i < 3 * SCRIPTS.size(); i++) {
                hostile.add(target(1 + i, SCRIPTS.get(i % SCRIPTS.size()), TIMEOUT));
            }
            CheckTarget neighbour = target(1000, "exit 0", TIMEOUT);
            checker.update(TargetChange.begin(hostile));
            checker.update(TargetChange.begin(Set.of(neighbour)));

            HealthCheckerTest.waitUntil(
                    () -> checker.counters().done() >= RUNS
                            && checker.stateOf(neighbour).passesInARow() >= 3,
                    Duration.ofMinutes(3));

            checker.update(new TargetChange(Set.of(), hostile));
            HealthCheckerTest.waitUntil(() -> sleepers() == 0);
        }
        HealthCheckerTest.waitUntil(() -> childrenBefore.containsAll(children()));
        HealthCheckerTest.waitUntil(() -> descriptors() <= descriptors);
    }

    private static long descriptors() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns how many processes of the host sleep for ever, whoever their parent is by now. */
    private static long sleepers() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> text(process.resolve("cmdline")).startsWith("sleep\0" + FOR_EVER))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Children of this process, zombies among them. */
    private static Set<String> children() {
        Set<String> children = new HashSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            tasks.forEach(task -> children.addAll(
                    List.of(text(task.resolve("children")).strip().split(" "))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        children.remove("");
        return children;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // a process or thread that has ended
        }
    }
}
