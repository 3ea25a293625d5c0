package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.event.Event;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventLog;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.conf.EventsConfig;
import io.fairlead.conf.NotifySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventTellerTest {

    private static final Set<String> ALL = Set.copyOf(EventsConfig.ALL_KINDS);
    /** That of the teller, which leaves a program that takes longer to itself. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    @BeforeEach
    void needsAShell() {
        assumeThat(Path.of("/bin/sh")).isExecutable();
    }

    private static EventsConfig program(String line, Duration timeout, Set<String> kinds) {
        NotifySpec program =
                new NotifySpec(List.of("/bin/sh", "-c", line), Optional.empty(), Optional.empty(), timeout);
        return new EventsConfig(Optional.of(program), kinds);
    }

    /** A program that keeps what it is told in a file. */
    private EventsConfig keeping(Path file, Set<String> kinds) {
        return program("cat >>" + file, Duration.ofSeconds(30), kinds);
    }

    private static void record(EventLog log, EventKind kind, String subject) {
        log.record(kind, EventSubject.of(subject), "changed", "for a reason");
    }

    private static List<Event> told(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> AdminJson.read(Event.class, line))
                        .toList()
                : List.of();
    }

    private static void await(Path file, int count) throws IOException, InterruptedException {
        while (told(file).size() < count) {
            Thread.sleep(20);
        }
    }

    @Test
    void tellsOfEveryEventOnceAndInOrderAlsoOfThoseBeforeTheConfigurationWasRead() throws Exception {
        Path file = directory.resolve("told");
        try (EventLog log = EventLog.open(directory);
                EventTeller teller = new EventTeller(log)) {
            record(log, EventKind.APPLIANCE, "first");
            teller.follow(keeping(file, ALL));
            await(file, 1);
            for (int i = 0; i < 50; i++) {
                record(log, EventKind.HEALTH, "web/web-" + i);
            }
            await(file, 51);

            assertThat(told(file))
                    .isEqualTo(log.latest(EventLog.EVENTS_MAX, Optional.empty()).events());
        }
    }

    @Test
    void thereIsAWordForEachKindInTheConfiguration() {
        assertThat(EventsConfig.ALL_KINDS)
                .containsExactlyElementsOf(Arrays.stream(EventKind.values())
                        .map(EventKind::configName)
                        .toList());
    }

    @Test
    void tellsOnlyOfTheKindsThatAreWanted() throws Exception {
        Path file = directory.resolve("told");
        try (EventLog log = EventLog.open(directory);
                EventTeller teller = new EventTeller(log)) {
            teller.follow(keeping(file, Set.of("role")));
            record(log, EventKind.HEALTH, "web/web-1");
            record(log, EventKind.ROLE, "outside");
            await(file, 1);

            assertThat(told(file)).extracting(Event::subject).containsExactly("outside");
        }
    }

    @Test
    void tellsNothingOfAnEarlierRun() throws Exception {
        Path file = directory.resolve("told");
        try (EventLog log = EventLog.open(directory)) {
            record(log, EventKind.APPLIANCE, "earlier");
        }
        try (EventLog log = EventLog.open(directory);
                EventTeller teller = new EventTeller(log)) {
            teller.follow(keeping(file, ALL));
            record(log, EventKind.APPLIANCE, "later");
            await(file, 1);

            assertThat(told(file)).extracting(Event::subject).containsExactly("later");
        }
    }

    @Test
    void killsAProgramThatTakesTooLongAndGoesOn() throws Exception {
        Path file = directory.resolve("told");
        try (EventLog log = EventLog.open(directory);
                EventTeller teller = new EventTeller(log)) {
            Path begun = directory.resolve("begun");
            teller.follow(program(": > " + begun + "; sleep 600", Duration.ofSeconds(2), ALL));
            record(log, EventKind.HEALTH, "lost");
            while (!Files.exists(begun)) {
                Thread.sleep(20);
            }
            teller.follow(keeping(file, ALL));
            record(log, EventKind.HEALTH, "told");
            await(file, 1);

            assertThat(told(file)).extracting(Event::subject).containsExactly("told");
        }
    }

    @Test
    void tellsOfTheLastEventsBeforeTheLogEnds() throws Exception {
        Path file = directory.resolve("told");
        EventLog log = EventLog.open(directory);
        EventTeller teller = new EventTeller(log);
        teller.follow(keeping(file, ALL));
        record(log, EventKind.APPLIANCE, "starts");
        await(file, 1);

        record(log, EventKind.APPLIANCE, "stops");
        log.close();
        long closing = System.nanoTime();
        teller.close();
        if (System.nanoTime() - closing >= STOP_TIMEOUT.toNanos()) {
            await(file, 2);
        }

        assertThat(told(file)).extracting(Event::subject).containsExactly("starts", "stops");
    }
}
