package io.fairlead.health.netty;

import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.check.WeightWord;
import io.fairlead.linux.socket.ChildProcess;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script. Started off the loop, since loading a program may block; from then on its output and its end are
 * events of the loop. Whatever ends the attempt kills the script with its process group; {@link RunningScript} reaps it.
 */
final class ScriptAttempt extends LocalAttempt {

    private final ScriptProbeSpec spec;
    private final ProbeContext context;
    private @Nullable Runnable starting;
    private @Nullable RunningScript script;

    ScriptAttempt(Asker asker, ScriptProbeSpec spec, ProbeContext context, MonotonicInstant startedAt) {
        super(asker, startedAt);
        this.spec = spec;
        this.context = context;
    }

    @Override
    void ask() {
        if (context.scriptsAlive() >= 2 * ProbeContext.SCRIPTS_MAX) {
            failed(
                    FailureReason.OWN_FAULT,
                    "not asked: " + context.scriptsAlive() + " scripts were killed and are not gone");
            return;
        }
        Runnable task = this::launch;
        starting = task;
        context.blocking().execute(task);
    }

    /** On a thread of its own. */
    private void launch() {
        try {
            ChildProcess child = ChildProcess.start(context.scripts().of(spec), environment());
            if (!context.tellLoop(() -> started(child))) { // we are closing
                RunningScript.end(child);
            }
        } catch (ScriptCommands.UnableException | ErrnoException | LinkageError e) {
            context.tellLoop(() -> failed(FailureReason.OWN_FAULT, "not asked: " + e.getMessage()));
        }
    }

    private Map<String, String> environment() {
        CheckTarget target = asker().target();
        return Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "LANG", "C.UTF-8",
                "FAIRLEAD_ADDRESS", target.address().address().toString(),
                "FAIRLEAD_PORT", Integer.toString(target.address().port()),
                "FAIRLEAD_TIMEOUT_MILLIS", Long.toString(timeout().toMillis()));
    }

    private void started(ChildProcess child) {
        if (context.isClosed()) {
            RunningScript.end(child);
            return;
        }
        RunningScript running = new RunningScript(child, context, this);
        script = running;
        if (isOver()) {
            running.kill();
        }
        running.watch();
    }

    void wroteTooMuch() {
        failed(FailureReason.MALFORMED, "more than " + RunningScript.OUTPUT_BYTES_MAX + " bytes of output");
    }

    /** @param output the first line that it wrote */
    void exited(ChildProcess.Exit exit, String output) {
        if (exit.signal() != 0) {
            failed(FailureReason.UNEXPECTED_STATUS, "ended by signal " + exit.signal());
        } else if (exit.code() >= 126 && output.startsWith("setpriv: ")) {
            failed(FailureReason.OWN_FAULT, "not asked: " + output);
        } else {
            ended(WeightWord.ofExitCode(exit.code(), output, spec.setsWeight(), elapsed()));
        }
    }

    @Override
    void release() {
        if (script != null) {
            script.kill();
        } else if (starting != null) {
            context.blocking().remove(starting);
        }
    }

    @Override
    String missing() {
        return script == null ? "script not started" : "script not finished";
    }
}
