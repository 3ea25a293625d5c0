package io.fairlead.appliance.election;

import io.fairlead.conf.NotifySpec;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.netty.ScriptCommands;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the program of one unit: one at a time; of the changes meanwhile it is told the last. */
final class NotifyProgram {

    private static final Logger LOG = LoggerFactory.getLogger(NotifyProgram.class);
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final String unit;
    private volatile Optional<NotifySpec> spec = Optional.empty();
    private Optional<Change> pending = Optional.empty();
    private boolean running;

    private record Change(String role, int priority) {}

    NotifyProgram(String unit) {
        this.unit = unit;
    }

    void use(NotifySpec next) {
        spec = Optional.of(next);
    }

    synchronized void tell(String role, int priority) {
        pending = Optional.of(new Change(role, priority));
        if (!running) {
            running = true;
            Thread.ofVirtual().name("fairlead-notify").start(this::runAll);
        }
    }

    private void runAll() {
        for (Optional<Change> next = take(); next.isPresent(); next = take()) {
            run(next.get());
        }
    }

    private synchronized Optional<Change> take() {
        Optional<Change> next = pending;
        pending = Optional.empty();
        running = next.isPresent();
        return next;
    }

    private void run(Change change) {
        NotifySpec program = spec.orElseThrow();
        try {
            List<String> command = new ArrayList<>(new ScriptCommands()
                    .of(new ScriptProbeSpec(program.command(), program.user(), program.group(), false)));
            command.addAll(List.of(unit, change.role(), Integer.toString(change.priority())));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().put("PATH", PATH);
            Process process = builder.start();
            if (!process.waitFor(program.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                LOG.warn("Notify program killed router={} after={}", unit, program.timeout());
            } else if (process.exitValue() != 0) {
                LOG.warn("Notify program failed router={} exit-code={}", unit, process.exitValue());
            }
        } catch (ScriptCommands.UnableException | IOException e) {
            LOG.warn("Cannot run the notify program router={}: {}", unit, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
