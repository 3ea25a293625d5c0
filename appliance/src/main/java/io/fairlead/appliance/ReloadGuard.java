package io.fairlead.appliance;

import io.fairlead.appliance.state.ReloadGuardFile;
import io.fairlead.appliance.state.ReloadGuardFile.Guard;
import io.fairlead.appliance.state.ReloadGuardFile.Phase;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfigRenderer;
import io.fairlead.conf.FairleadConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a reload which nobody confirms is taken back, also by a later process. What is waited for is on the disk
 * before the new configuration is followed. All but the view is used under the lock of its {@link ConfigurationReloader}.
 */
final class ReloadGuard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadGuard.class);

    private final ReloadGuardFile file;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fairlead-confirm").daemon().factory());
    private volatile Optional<Guard> guard;
    private Optional<ScheduledFuture<?>> alarm = Optional.empty();

    ReloadGuard(ReloadGuardFile file) {
        this.file = file;
        this.guard = read(file);
    }

    private static Optional<Guard> read(ReloadGuardFile file) {
        try {
            return file.read();
        } catch (IOException e) {
            LOG.error("Reload guard cannot be read; nothing will be taken back: {}", e.toString());
            return Optional.empty();
        }
    }

    /** Returns what waits or was taken back. Any thread. */
    Optional<Guard> view() {
        return guard;
    }

    boolean isPending() {
        return guard.isPresent() && guard.get().phase() == Phase.PENDING;
    }

    /**
     * Decides what a start follows.
     *
     * @param found what the file holds
     * @return that, or the configuration before it, if the file holds what was not confirmed in time
     */
    ConfigOutcome atStart(ConfigOutcome found) {
        if (guard.isEmpty()
                || !(found instanceof ConfigOutcome.Accepted accepted)
                || (isPending() && Instant.now().isBefore(guard.get().deadline()))) {
            return found;
        }
        if (!guard.get().fingerprint().equals(fingerprint(accepted.config()))) {
            forget();
            return found; // it was changed since, so that somebody wants it
        }
        ConfigOutcome before = ConfigFile.load(file.file());
        if (before instanceof ConfigOutcome.Refused refused) {
            LOG.error("Configuration before the one not confirmed is refused: {}", refused.report());
            return found;
        }
        takenBack();
        LOG.warn(
                "Configuration was not confirmed; following the one before it deadline={}",
                guard.get().deadline());
        return before;
    }

    /**
     * Begins to wait for a confirmation, or goes on with a new deadline.
     *
     * @param before what to go back to; of no matter if something waits already
     * @throws IOException if it cannot be kept on the disk
     */
    void begin(Duration within, FairleadConfig before, FairleadConfig next) throws IOException {
        Guard begun =
                new Guard(Phase.PENDING, Instant.now().plus(within).truncatedTo(ChronoUnit.MILLIS), fingerprint(next));
        if (isPending()) {
            file.rewrite(begun);
        } else {
            file.write(begun, ConfigRenderer.render(before));
        }
        guard = Optional.of(begun);
    }

    /** Goes back to what was before {@link #begin}, as the reload came to nothing. */
    void undo(Optional<Guard> earlier) {
        try {
            if (earlier.isPresent()) {
                file.rewrite(earlier.get());
                guard = earlier;
            } else {
                forget();
            }
        } catch (IOException e) {
            LOG.error("Reload guard cannot be written: {}", e.toString());
        }
    }

    /** Another configuration is followed while one waits: it waits in its place. */
    void replaced(FairleadConfig next) {
        guard.ifPresent(waiting -> {
            Guard changed = new Guard(waiting.phase(), waiting.deadline(), fingerprint(next));
            try {
                file.rewrite(changed);
                guard = Optional.of(changed);
            } catch (IOException e) {
                LOG.error("Reload guard cannot be written: {}", e.toString());
            }
        });
    }

    /** Sets the alarm for the deadline of what waits. */
    void arm(Runnable takeBack) {
        alarm.ifPresent(set -> set.cancel(false));
        alarm = guard.filter(waiting -> waiting.phase() == Phase.PENDING)
                .map(waiting -> timer.schedule(
                        takeBack,
                        Math.max(
                                0,
                                Duration.between(Instant.now(), waiting.deadline())
                                        .toMillis()),
                        TimeUnit.MILLISECONDS));
    }

    /** Returns the configuration before the one that waits. */
    ConfigOutcome before() {
        return ConfigFile.load(file.file());
    }

    /** Remembers that it was taken back, also for a later process. */
    void takenBack() {
        guard.ifPresent(waiting -> {
            Guard changed = new Guard(Phase.TAKEN_BACK, waiting.deadline(), waiting.fingerprint());
            guard = Optional.of(changed);
            try {
                file.rewrite(changed);
            } catch (IOException e) { // a later process sees that the deadline has passed
                LOG.warn("Reload guard cannot be written: {}", e.toString());
            }
        });
    }

    /** Waits for nothing any more. */
    void forget() {
        alarm.ifPresent(set -> set.cancel(false));
        alarm = Optional.empty();
        guard = Optional.empty();
        try {
            file.delete();
        } catch (IOException e) {
            LOG.error("Reload guard cannot be removed; the next start may go back: {}", e.toString());
        }
    }

    private static String fingerprint(FairleadConfig config) {
        return ReloadGuardFile.fingerprint(ConfigRenderer.render(config));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
