package io.fairlead.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts programs of this machine. */
@Timeout(60)
class ChildProcessTest {

    private static ChildProcess shell(String script) {
        return ChildProcess.start(List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"));
    }

    /** Waits for output and reads once: what follows may never end. */
    private static String outputOf(ChildProcess child) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        int count = child.read(buffer);
        while (count < 0) {
            Thread.onSpinWait();
            count = child.read(buffer);
        }
        byte[] bytes = new byte[count];
        buffer.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ChildProcess.Exit exitOf(ChildProcess child) {
        while (true) {
            Optional<ChildProcess.Exit> exit = child.reap();
            if (exit.isPresent()) {
                return exit.get();
            }
            Thread.onSpinWait();
        }
    }

    private static boolean exists(String pid) {
        return Files.exists(Path.of("/proc", pid)) && !state(pid).equals("Z");
    }

    private static String state(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
        } catch (IOException e) {
            return "gone";
        }
    }

    /** May become fewer at any time: a collection closes what an earlier test has left open. */
    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void givesArgumentsAndEnvironmentAndNothingElse() {
        try (ChildProcess child = ChildProcess.start(
                List.of("/bin/sh", "-c", "echo \"$1|$2|$VALUE|$(pwd)|$HOME\"", "name", "a b", "ü'\""),
                Map.of("VALUE", "x y", "PATH", "/usr/bin:/bin"))) {
            assertThat(outputOf(child)).isEqualTo("a b|ü'\"|x y|/|\n");
            assertThat(exitOf(child)).isEqualTo(new ChildProcess.Exit(0, 0));
        }
    }

    @Test
    void tellsTheExitCodeAndTheSignal() {
        try (ChildProcess exits = shell("exit 200");
                ChildProcess dies = shell("kill -15 $$")) {
            assertThat(exitOf(exits)).isEqualTo(new ChildProcess.Exit(200, 0));
            assertThat(exitOf(dies)).isEqualTo(new ChildProcess.Exit(0, 15));
        }
    }

    @Test
    void isTheLeaderOfAGroupAndASessionOfItsOwn() {
        try (ChildProcess child = shell("cut -d ' ' -f 5,6 /proc/$$/stat")) {
            assertThat(outputOf(child)).isEqualTo(child.pid() + " " + child.pid() + "\n");
            exitOf(child);
        }
    }

    @Test
    void hasNoDescriptorOfOursNotEvenOneThatMayBeInherited() {
        ByteBuffer inheritable = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        assertThat(LibC.instance().pipe2(inheritable, 0)).isZero();
        int descriptor = inheritable.getInt(0);
        try (ChildProcess child = shell("i=0; while [ $i -le " + descriptor
                + " ]; do [ -e /proc/$$/fd/$i ] && printf '%s ' $i; i=$((i+1)); done; echo .")) {
            StringBuilder text = new StringBuilder(outputOf(child));
            exitOf(child);
            text.append(outputOf(child));
            assertThat(text.toString()).isEqualTo("0 1 2 .\n");
        } finally {
            LibC.instance().close(descriptor);
            LibC.instance().close(inheritable.getInt(4));
        }
    }

    @Test
    void hasEverySignalAsANewProcess() {
        try (ChildProcess child = shell("grep -E 'SigBlk|SigIgn' /proc/self/status | tr -d '\\n\\t'")) {
            assertThat(outputOf(child)).isEqualTo("SigBlk:0000000000000000SigIgn:0000000000000000");
            exitOf(child);
        }
    }

    @Test
    void killEndsTheWholeGroupAlsoWhatIgnoresSignals() {
        try (ChildProcess child = shell("trap '' TERM HUP INT; (trap '' TERM HUP; exec sleep 1000) & echo $!; wait")) {
            String sleeper = outputOf(child).strip();
            assertThat(exists(sleeper)).isTrue();

            child.kill();

            assertThat(exitOf(child)).isEqualTo(new ChildProcess.Exit(0, 9));
            while (exists(sleeper)) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void reapingEndsWhatTheProgramLeftBehind() {
        try (ChildProcess child = shell("sleep 1000 & echo $!")) {
            String sleeper = outputOf(child).strip();

            assertThat(exitOf(child)).isEqualTo(new ChildProcess.Exit(0, 0));

            while (exists(sleeper)) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void leavesNoZombieAndNoDescriptor() throws IOException {
        exitOf(shell("exit 0"));
        long before = openFiles();
        for (int i = 0; i < 100; i++) {
            try (ChildProcess child = shell("exec >&- 2>&-; exit 3")) {
                assertThat(exitOf(child).code()).isEqualTo(3);
                assertThat(state(Integer.toString(child.pid()))).isEqualTo("gone");
            }
        }
        assertThat(openFiles()).isLessThanOrEqualTo(before);
    }

    @Test
    void saysWhatCannotBeStartedAndLeavesNoDescriptor() throws IOException {
        long before = openFiles();
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> ChildProcess.start(List.of("/nonexistent/program"), Map.of()))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .withMessageStartingWith("start /nonexistent/program: ENOENT (2)");
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> ChildProcess.start(List.of("/etc/passwd"), Map.of()))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
        assertThat(openFiles()).isLessThanOrEqualTo(before);
    }
}
