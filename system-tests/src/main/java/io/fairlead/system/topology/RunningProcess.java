package io.fairlead.system.topology;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process inside a host. Its output is kept in bounded buffers; {@link #close()} ends it together with its children. */
public final class RunningProcess implements AutoCloseable {
    private static final Duration TERM_GRACE = Duration.ofSeconds(5);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    private final List<String> command;
    private final Process process;
    private final OutputLines out;
    private final OutputLines err;

    private RunningProcess(String name, List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.out = new OutputLines(name + " out", process.getInputStream());
        this.err = new OutputLines(name + " err", process.getErrorStream());
    }

    /** Starts the command; its input is empty unless {@code input} has text. */
    static RunningProcess start(String name, List<String> command, String input) {
        try {
            Process process = new ProcessBuilder(command).start();
            var running = new RunningProcess(name, List.copyOf(command), process);
            running.feed(input);
            return running;
        } catch (IOException e) {
            throw new TopologyException("start " + String.join(" ", command), e);
        }
    }

    static Execution execute(String name, List<String> command, String input, Duration timeout) {
        RunningProcess running = start(name, command, input);
        try {
            boolean ended = running.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                running.stop();
            }
            running.awaitOutput();
            int exit = ended ? running.process.exitValue() : Execution.TIMED_OUT;
            return new Execution(command, exit, running.out(), running.err());
        } catch (InterruptedException e) {
            throw running.interrupted(e);
        }
    }

    private void feed(String input) {
        try (var writer = process.outputWriter()) {
            writer.write(input);
        } catch (IOException ignored) {
            // A process that ended early says why through its status and output.
            return;
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit status (128 + n after signal n), once the process has ended. */
    public OptionalInt exit() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** What it wrote to standard output: the newest 10,000 lines. */
    public String out() {
        return out.text();
    }

    /** What it wrote to standard error: the newest 10,000 lines. */
    public String err() {
        return err.text();
    }

    /** The first line of standard output, written already or to come, in which {@code regex} is found. */
    public String awaitLine(String regex, Duration timeout) {
        return await(out, "output", regex, timeout);
    }

    /** The first line of standard error, written already or to come, in which {@code regex} is found. */
    public String awaitErrorLine(String regex, Duration timeout) {
        return await(err, "error output", regex, timeout);
    }

    private String await(OutputLines lines, String stream, String regex, Duration timeout) {
        try {
            Optional<String> found = lines.await(Pattern.compile(regex).asPredicate(), timeout);
            return found.orElseThrow(() -> new TopologyException("%s: no line with /%s/ in its %s within %s\n%s%s"
                    .formatted(this, regex, stream, timeout, err(), out())));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for the end of the process; the status, or an exception that shows its output. */
    public int awaitExit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TopologyException("%s: still runs after %s\n%s%s".formatted(this, timeout, err(), out()));
            }
            awaitOutput();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Sends TERM to the process and its children, and KILL to those that have not ended after five seconds. */
    public void stop() {
        end(true);
    }

    /** Sends KILL at once: a crash. */
    public void kill() {
        end(false);
    }

    @Override
    public void close() {
        stop();
    }

    private void end(boolean gently) {
        // Children are counted first: an orphan no longer tells whose child it was.
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        endAll(family, gently);
        try {
            awaitOutput();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Ends these processes; returns when all have ended or cannot be ended. */
    static void endAll(List<ProcessHandle> processes, boolean gently) {
        if (gently) {
            processes.forEach(ProcessHandle::destroy);
            awaitEnds(processes);
        }
        List<ProcessHandle> left =
                processes.stream().filter(RunningProcess::runs).toList();
        left.forEach(ProcessHandle::destroyForcibly);
        awaitEnds(left);
    }

    private static void awaitEnds(List<ProcessHandle> processes) {
        long deadline = System.nanoTime() + TERM_GRACE.toNanos();
        while (processes.stream().anyMatch(RunningProcess::runs) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
    }

    /**
     * Whether it runs. {@link ProcessHandle#isAlive} and {@link ProcessHandle#onExit} count a zombie among the living, and an
     * orphan stays one for as long as the machine's first process pleases.
     */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            // "PID (NAME) STATE ...", proc_pid_stat(5); the name may contain anything.
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private void awaitOutput() throws InterruptedException {
        out.awaitEnd(LAST_OUTPUT);
        err.awaitEnd(LAST_OUTPUT);
    }

    private TopologyException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new TopologyException(this + ": interrupted while waiting for it", cause);
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }
}
