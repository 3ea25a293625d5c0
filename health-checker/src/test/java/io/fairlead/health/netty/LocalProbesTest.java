package io.fairlead.health.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.FileProbeSpec;
import io.fairlead.health.check.IcmpProbeSpec;
import io.fairlead.health.check.ProbeSpec;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.check.TargetChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes that need no connection of their own: scripts, files, ICMP echo. */
@Timeout(120)
class LocalProbesTest {

    private static final ServerAddress LOCAL = ServerAddress.parse("127.0.0.1:8080");
    private static final ServerAddress LOCAL6 = ServerAddress.parse("[::1]:8080");

    @TempDir
    Path directory;

    private static CheckResult result(ServerAddress address, ProbeSpec probe, Duration timeout)
            throws InterruptedException {
        try (CheckBench bench = new CheckBench()) {
            return bench.firstResult(CheckBench.target(address, probe, timeout));
        }
    }

    private static CheckResult result(ProbeSpec probe) throws InterruptedException {
        return result(LOCAL, probe, CheckBench.LONG);
    }

    private static ScriptProbeSpec shell(String script) {
        return shell(script, false);
    }

    private static ScriptProbeSpec shell(String script, boolean setsWeight) {
        return new ScriptProbeSpec(List.of("/bin/sh", "-c", script), Optional.empty(), Optional.empty(), setsWeight);
    }

    /** An own fault changes no health, so it is looked for in the history. */
    private static PastResult ownFault(ProbeSpec probe) {
        try (HealthChecker checker = new HealthChecker((_, _, _) -> {})) {
            CheckTarget target = CheckBench.target(LOCAL, probe, CheckBench.LONG);
            checker.update(TargetChange.begin(Set.of(target)));
            await(() -> checker.counters().ownFaults() > 0
                    && !checker.historyOf(target).isEmpty());
            return checker.historyOf(target).getFirst();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + CheckBench.LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static long openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Children of this process, zombies among them. */
    private static Set<String> children() {
        Set<String> children = new HashSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                children.addAll(List.of(childrenOf(task).strip().split(" ")));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        children.remove("");
        return children;
    }

    private static String childrenOf(Path task) {
        try {
            return Files.readString(task.resolve("children"));
        } catch (IOException e) {
            return ""; // a thread that has ended
        }
    }

    private static String stat(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "stat")).strip();
        } catch (IOException e) {
            return pid + " gone";
        }
    }

    private static boolean runs(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    @Nested
    class AScript {

        @Test
        void passesWithExitCodeZeroAndSaysItsFirstLine() throws InterruptedException {
            CheckResult result = result(shell("echo; echo fine \033[1m; echo more"));

            assertThat(result).isInstanceOf(CheckResult.Passed.class);
            assertThat(result.detail()).startsWith("exit code 0: fine ?[1m");
        }

        @Test
        void failsWithAnyOtherExitCode() throws InterruptedException {
            assertThat(result(shell("echo no disk >&2; exit 3")))
                    .isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
                        assertThat(failed.reason()).isEqualTo(FailureReason.UNEXPECTED_STATUS);
                        assertThat(failed.detail()).isEqualTo("exit code 3: no disk");
                    });
        }

        @ParameterizedTest
        @CsvSource({"0, true, -1", "1, false, -1", "2, true, 0", "3, true, 1", "255, true, 253"})
        void setsTheWeightWhereItMay(int code, boolean passes, int weight) throws InterruptedException {
            CheckResult result = result(shell("exit " + code, true));

            assertThat(result instanceof CheckResult.Passed).isEqualTo(passes);
            if (result instanceof CheckResult.Passed passed) {
                assertThat(passed.weight().orElse(-1)).isEqualTo(weight);
            }
        }

        @Test
        void knowsWhatItChecks() throws InterruptedException {
            assertThat(result(
                                    LOCAL6,
                                    shell("echo \"$FAIRLEAD_ADDRESS $FAIRLEAD_PORT $FAIRLEAD_TIMEOUT_MILLIS $HOME\""),
                                    CheckBench.LONG)
                            .detail())
                    .isEqualTo("exit code 0: ::1 8080 30000 ");
        }

        @Test
        void isNotReadByAShell() throws InterruptedException {
            ScriptProbeSpec spec = new ScriptProbeSpec(
                    List.of("/bin/echo", "$HOME", "a;b", "*"), Optional.empty(), Optional.empty(), false);

            assertThat(result(spec).detail()).isEqualTo("exit code 0: $HOME a;b *");
        }

        @Test
        void isKilledWithItsGroupWhenItsTimeIsOver() throws Exception {
            Path pid = directory.resolve("pid");

            CheckResult result = result(
                    LOCAL, shell("trap '' TERM HUP; sleep 1000 & echo $! > " + pid + "; wait"), Duration.ofSeconds(3));

            assertThat(result.detail()).isEqualTo("script not finished within 3 s");
            await(() -> Files.exists(pid));
            String sleeper = Files.readString(pid).strip();
            await(() -> !runs(sleeper));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "exit 0",
                    "exec >&- 2>&- <&-; exit 0",
                    "sleep 1000 & exit 0",
                    "(setsid sh -c 'sleep 2; exec sleep 1' &) ; exit 0",
                    "setsid sh -c 'sleep 2' & exit 0",
                    "kill -9 $$",
                    "kill -9 0",
                    "cat; exit 0",
                    "exec 1>/dev/stderr; echo x > /dev/stdout",
                })
        void leavesNoZombieAndNoDescriptorWhateverItDoes(String script) throws InterruptedException {
            Set<String> before = children();
            result(shell("exit 0"));
            long files = openFiles();
            try (CheckBench bench = new CheckBench()) {
                CheckResult unused = bench.firstResult(CheckBench.target(LOCAL, shell(script), CheckBench.LONG));
                assertThat(unused.elapsed()).isLessThan(CheckBench.LONG);
            }

            await(() -> openFiles() <= files);
            await(() -> before.containsAll(children()));
        }

        @Test
        void thatWritesWithoutEndIsStopped() throws InterruptedException {
            assertThat(result(shell("yes fairlead")).detail()).isEqualTo("more than 65536 bytes of output");
        }

        @Test
        void thatRunsWhenTheCheckerClosesGoesWithIt() throws Exception {
            Set<String> before = children();
            Path pid = directory.resolve("pid");
            try (HealthChecker checker = new HealthChecker((_, _, _) -> {})) {
                ScriptProbeSpec sleeper = shell("echo $$ > " + pid + "x; mv " + pid + "x " + pid + "; sleep 1000");
                checker.update(TargetChange.begin(Set.of(CheckBench.target(LOCAL, sleeper, CheckBench.LONG))));
                await(() -> Files.exists(pid));
            }

            assertThat(runs(Files.readString(pid).strip())).isFalse();
            Set<String> left = children();
            left.removeAll(before);
            assertThat(left.stream().map(LocalProbesTest::stat)).isEmpty();
        }

        @Test
        void thatDoesNotExistIsAFaultOfOurOwn() {
            ScriptProbeSpec spec =
                    new ScriptProbeSpec(List.of("/nonexistent/check"), Optional.empty(), Optional.empty(), false);

            assertThat(ownFault(spec).detail()).isEqualTo("not asked: no such file: /nonexistent/check");
        }

        @Test
        void asAnUnknownUserIsAFaultOfOurOwn() {
            assumeTrue(isRoot(), "needs root, to get as far as asking who that is");
            ScriptProbeSpec spec =
                    new ScriptProbeSpec(List.of("/bin/true"), Optional.of("nosuchuser"), Optional.empty(), false);

            assertThat(ownFault(spec).detail()).startsWith("not asked: no such user or group");
        }

        @Test
        void runsAsTheUserAskedForWithoutOurPrivileges() throws InterruptedException {
            assumeTrue(isRoot(), "needs root, to become somebody else");
            ScriptProbeSpec spec = new ScriptProbeSpec(
                    List.of("/bin/sh", "-c", "echo $(id -un) $(id -G) $(grep CapEff /proc/self/status)"),
                    Optional.of("nobody"),
                    Optional.empty(),
                    false);

            assertThat(result(spec).detail()).matches("exit code 0: nobody [0-9]+ CapEff: 0000000000000000");
        }

        @Test
        void runsInTheGroupAskedFor() throws InterruptedException {
            assumeTrue(isRoot(), "needs root, to become somebody else");
            List<String> command = List.of("/bin/sh", "-c", "echo $(id -un) $(id -gn)");

            assertThat(result(new ScriptProbeSpec(command, Optional.empty(), Optional.of("daemon"), false))
                            .detail())
                    .isEqualTo("exit code 0: root daemon");
            assertThat(result(new ScriptProbeSpec(command, Optional.of("nobody"), Optional.of("daemon"), false))
                            .detail())
                    .isEqualTo("exit code 0: nobody daemon");
        }

        @Test
        void moreThanMayRunAtOnceWait() {
            try (HealthChecker checker = new HealthChecker((_, _, _) -> {})) {
                Set<CheckTarget> targets = new HashSet<>();
                for (int i = 1; i <= 2 * ProbeContext.SCRIPTS_MAX; i++) {
                    targets.add(CheckBench.target(
                            ServerAddress.parse("127.0.0." + i + ":80"), shell("sleep 1000"), CheckBench.LONG));
                }
                checker.update(TargetChange.begin(targets));

                await(() -> checker.counters().delayed() > 0);
                assertThat(checker.counters().open()).isLessThanOrEqualTo(ProbeContext.SCRIPTS_MAX);
            }
        }

        private static boolean isRoot() {
            return System.getProperty("user.name").equals("root");
        }
    }

    @Nested
    class AFile {

        private Path file(String text) throws IOException {
            return Files.writeString(directory.resolve("state"), text, StandardCharsets.UTF_8);
        }

        private CheckResult read(String text) throws IOException, InterruptedException {
            return result(new FileProbeSpec(file(text).toString()));
        }

        @ParameterizedTest
        @CsvSource({
            "up,         true,  -1,    up",
            "' up\n',    true,  -1,    up",
            "0,          true,  0,     weight 0",
            "65535,      true,  65535, weight 65535",
            "down,       false, -1,    down",
            "-1,         false, -1,    -1",
            "65536,      false, -1,    65536 (expected at most 65535)",
            "'',         false, -1,    'neither up, down nor a number of at most 65535'",
            "yes,        false, -1,    'neither up, down nor a number of at most 65535'",
        })
        void saysWhatItsWordMeans(String text, boolean passes, int weight, String detail) throws Exception {
            CheckResult result = read(text.replace("\\n", "\n"));

            assertThat(result.detail()).isEqualTo(detail);
            assertThat(result instanceof CheckResult.Passed).isEqualTo(passes);
            if (result instanceof CheckResult.Passed passed) {
                assertThat(passed.weight().orElse(-1)).isEqualTo(weight);
            }
        }

        @Test
        void thatIsNotThereFails() throws InterruptedException {
            assertThat(result(new FileProbeSpec("/nonexistent/state")).detail()).isEqualTo("no such file");
        }

        @Test
        void thatIsAPipeOrADirectoryIsNotWaitedFor() throws Exception {
            assertThat(result(new FileProbeSpec(directory.toString())).detail()).isEqualTo("not a regular file");
            Path pipe = directory.resolve("pipe");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            assertThat(result(new FileProbeSpec(pipe.toString())).detail()).isEqualTo("not a regular file");
        }

        @Test
        void isFollowedWhenItChanges() throws Exception {
            Path file = file("down");
            try (CheckBench bench = new CheckBench()) {
                CheckTarget target = new CheckTarget(
                        LOCAL,
                        new CheckSpec(
                                new FileProbeSpec(file.toString()),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                1,
                                1));
                assertThat(bench.firstResult(target).detail()).isEqualTo("down");

                replace(file, "9");

                assertThat(bench.nextChange().now().verdict().weight()).hasValue(9);
                replace(file, "8");
                assertThat(bench.nextChange().now().verdict().weight()).hasValue(8);
            }
        }

        /** In one step: no check finds it empty. */
        private static void replace(Path file, String content) throws IOException {
            Path next = Files.writeString(file.resolveSibling("next"), content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Nested
    class AnEchoRequest {

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1:0", "[::1]:0"})
        void passesWhenTheHostAnswers(String address) throws InterruptedException {
            assumeTrue(mayEcho(address), "this system allows no ICMP echo");
            for (int payload : List.of(8, 56, 1473)) {
                CheckResult result = result(ServerAddress.parse(address), new IcmpProbeSpec(payload), CheckBench.LONG);

                assertThat(result).isInstanceOf(CheckResult.Passed.class);
                assertThat(result.detail()).isEqualTo("echo reply");
            }
        }

        @Test
        void manyHostsShareOneSocket() {
            assumeTrue(mayEcho("127.0.0.1:0"), "this system allows no ICMP echo");
            long before = openFiles();
            try (HealthChecker checker = new HealthChecker((_, _, _) -> {})) {
                Set<CheckTarget> targets = new HashSet<>();
                for (int i = 0; i < 200; i++) {
                    targets.add(CheckBench.target(
                            ServerAddress.parse("127.0.1." + i + ":0"), new IcmpProbeSpec(56), CheckBench.LONG));
                }
                checker.update(TargetChange.begin(targets));

                await(() -> checker.counters().passed() >= 200);
                assertThat(checker.counters().failed()).isZero();
                assertThat(openFiles() - before).isLessThan(20);
            }
        }

        private static boolean mayEcho(String address) {
            try {
                return result(ServerAddress.parse(address), new IcmpProbeSpec(8), Duration.ofSeconds(5))
                        instanceof CheckResult.Passed;
            } catch (AssertionError | InterruptedException e) {
                return false;
            }
        }
    }
}
