package io.fairlead.appliance;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.event.Event;
import io.fairlead.appliance.event.EventLog;
import io.fairlead.conf.EventsConfig;
import io.fairlead.conf.NotifySpec;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.netty.ScriptCommands;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator's program of events: the same that {@code fairlead events -f -o json} shows, in the same order and form, on
 * its standard input. It is run for what has happened since the last time, one run at a time, so a slow program gets more at
 * once and holds up nobody. What one run was told is not told again, whatever came of it.
 */
final class EventTeller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventTeller.class);

    private static final int EVENTS_AT_ONCE_MAX = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final EventLog log;
    private final Thread thread;
    private volatile EventsConfig config = EventsConfig.NONE;

    EventTeller(EventLog log) {
        this.log = log;
        this.thread = Thread.ofVirtual().name("fairlead-event-teller").unstarted(this::tellAll);
    }

    /** Tells the program of this configuration from now on; the first time of all that has happened since the start. */
    synchronized void follow(EventsConfig next) {
        config = next;
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    private void tellAll() {
        try {
            long last = log.lastOfEarlierRuns();
            boolean isLast = false;
            while (!isLast) {
                EventLog.Page page = log.after(last, EVENTS_AT_ONCE_MAX, Optional.empty(), PATIENCE);
                if (page.events().isEmpty() && log.isClosing()) {
                    log.awaitEnd();
                    page = log.after(last, EVENTS_AT_ONCE_MAX, Optional.empty(), Duration.ZERO);
                    isLast = true;
                }
                last = page.last();
                EventsConfig wanted = config;
                if (wanted.notification().isPresent()) {
                    if (page.missed() > 0) {
                        LOG.warn("Program for events was too slow and is not told of all count={}", page.missed());
                    }
                    tell(wanted.notification().get(), of(wanted, page.events()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Event> of(EventsConfig wanted, List<Event> events) {
        return events.stream()
                .filter(event -> wanted.kinds().contains(event.kind().configName()))
                .toList();
    }

    private static void tell(NotifySpec program, List<Event> events) throws InterruptedException {
        if (events.isEmpty()) {
            return;
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(new ScriptCommands()
                            .of(new ScriptProbeSpec(program.command(), program.user(), program.group(), false)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().put("PATH", PATH);
            Process process = builder.start();
            String lines = events.stream().map(AdminJson::write).collect(Collectors.joining("\n", "", "\n"));
            // A program that does not read must not keep us from ending it.
            Thread.ofVirtual().name("fairlead-event-writer").start(() -> write(process, lines));
            if (!process.waitFor(program.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                LOG.warn("Program for events killed events={} after={}", events.size(), program.timeout());
            } else if (process.exitValue() != 0) {
                LOG.warn("Program for events failed events={} exit-code={}", events.size(), process.exitValue());
            }
        } catch (ScriptCommands.UnableException | IOException e) {
            LOG.warn("Cannot run the program for events: {}", e.getMessage());
        }
    }

    private static void write(Process process, String lines) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(lines.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("Program for events does not read its input", e);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends soon after the log does, having told of what was in it; a program that takes long is left to itself. */
    @Override
    public synchronized void close() {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
