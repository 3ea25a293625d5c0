package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.FileProbeSpec;
import io.fairlead.health.check.WeightWord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads one file, off the loop: its file system may hang. */
final class FileAttempt extends LocalAttempt {

    private static final int LENGTH_MAX = 64;

    private final FileProbeSpec spec;
    private final ProbeContext context;
    private @Nullable Runnable reading;

    FileAttempt(Asker asker, FileProbeSpec spec, ProbeContext context, MonotonicInstant startedAt) {
        super(asker, startedAt);
        this.spec = spec;
        this.context = context;
    }

    @Override
    void ask() {
        Runnable task = this::read;
        reading = task;
        context.blocking().execute(task);
    }

    /** On a thread of its own. */
    private void read() {
        CheckResult result = result(Path.of(spec.path()));
        context.tellLoop(() -> ended(timed(result, elapsed())));
    }

    private static CheckResult result(Path path) {
        Duration later = Duration.ZERO;
        try {
            if (!Files.exists(path)) {
                return new CheckResult.Failed(FailureReason.UNEXPECTED_STATUS, "no such file", later);
            }
            if (!Files.isRegularFile(path)) { // a pipe would make us wait for its writer
                return new CheckResult.Failed(FailureReason.MALFORMED, "not a regular file", later);
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(LENGTH_MAX);
                return WeightWord.ofFile(new String(bytes, StandardCharsets.UTF_8), later);
            }
        } catch (NoSuchFileException e) {
            return new CheckResult.Failed(FailureReason.UNEXPECTED_STATUS, "no such file", later);
        } catch (IOException e) {
            return new CheckResult.Failed(FailureReason.OWN_FAULT, "not asked: cannot read the file: " + e, later);
        }
    }

    private static CheckResult timed(CheckResult result, Duration elapsed) {
        return switch (result) {
            case CheckResult.Passed passed -> new CheckResult.Passed(elapsed, passed.detail(), passed.weight());
            case CheckResult.Failed failed -> new CheckResult.Failed(failed.reason(), failed.detail(), elapsed);
        };
    }

    @Override
    void release() {
        if (reading != null) {
            context.blocking().remove(reading);
        }
    }

    @Override
    String missing() {
        return "file not read";
    }
}
