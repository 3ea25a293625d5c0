package io.fairlead.appliance.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventLogTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private static void health(EventLog log, String realServer) {
        log.record(EventKind.HEALTH, new EventSubject("web/" + realServer, List.of("web")), "unhealthy", "refused");
    }

    private static List<String> subjects(EventLog log) throws InterruptedException {
        return log.latest(EventLog.EVENTS_MAX, Optional.empty()).events().stream()
                .map(Event::subject)
                .toList();
    }

    private void fill(String... realServers) {
        try (EventLog log = EventLog.open(directory)) {
            for (String realServer : realServers) {
                health(log, realServer);
            }
        }
    }

    @Test
    void givesEventsInOrderToWhoWaitsForThem() throws InterruptedException {
        try (EventLog log = EventLog.open(directory)) {
            health(log, "web-1");
            health(log, "web-2");

            EventLog.Page first = log.after(0, 1, Optional.empty(), PATIENCE);
            EventLog.Page second = log.after(first.last(), 10, Optional.empty(), PATIENCE);

            assertThat(first.events()).extracting(Event::subject).containsExactly("web/web-1");
            assertThat(second.events()).extracting(Event::subject).containsExactly("web/web-2");
            assertThat(second.last()).isEqualTo(2);
        }
    }

    @Test
    void remembersAcrossARestartAndCountsOn() throws InterruptedException {
        fill("web-1", "web-2");

        try (EventLog log = EventLog.open(directory)) {
            health(log, "web-3");

            assertThat(log.after(2, 10, Optional.empty(), PATIENCE).events())
                    .extracting(Event::number)
                    .containsExactly(3L);
            assertThat(subjects(log)).containsExactly("web/web-1", "web/web-2", "web/web-3");
        }
    }

    @Test
    void skipsWhatIsDamagedAndKeepsTheRest() throws IOException, InterruptedException {
        fill("web-1", "web-2");
        Path file = directory.resolve("events.log");
        byte[] noText = {(byte) 0xff, 0, '{', '\n'};
        Files.write(file, noText, StandardOpenOption.APPEND);
        Files.writeString(file, "{\"number\":9}\n{\"number\":3,\"at\":\"2026-", StandardOpenOption.APPEND); // torn
        fill("web-3");

        try (EventLog log = EventLog.open(directory)) {
            assertThat(subjects(log)).containsExactly("web/web-1", "web/web-2", "web/web-3");
        }
    }

    @Test
    void showsOnlyWhatConcernsAVirtualServer() throws InterruptedException {
        try (EventLog log = EventLog.open(directory)) {
            health(log, "web-1");
            log.record(EventKind.POOL, EventSubject.virtualServer("mail"), "quorum lost", "nobody is healthy");

            assertThat(log.after(0, 10, Optional.of("mail"), PATIENCE).events())
                    .extracting(Event::subject)
                    .containsExactly("mail");
        }
    }

    @Test
    void saysHowMuchOfWhatWasAskedForIsNotKept() throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("events.log"),
                "{\"number\":41,\"at\":\"2026-01-15T09:30:00.000Z\",\"kind\":\"pool\",\"subject\":\"web\","
                        + "\"virtualServers\":[\"web\"],\"change\":\"quorum lost\",\"cause\":\"x\"}\n");

        try (EventLog log = EventLog.open(directory)) {
            EventLog.Page page = log.after(30, 10, Optional.empty(), Duration.ZERO);

            assertThat(page.missed()).isEqualTo(10);
            assertThat(page.events()).hasSize(1);
        }
    }

    /** What nobody can write is kept in memory; the folder is a file here, which stands for every broken disk. */
    @Test
    void livesInMemoryWhileTheDiskFails() throws IOException, InterruptedException {
        Path notAFolder = Files.writeString(directory.resolve("file"), "");
        try (EventLog log = EventLog.open(notAFolder)) {
            health(log, "web-1");

            assertThat(log.after(0, 10, Optional.empty(), PATIENCE).events()).hasSize(1);
        }
    }

    @Test
    void isBoundedOnTheDisk() throws IOException {
        EventFile file = new EventFile(directory, 2_000);

        for (int i = 1; i <= 200; i++) {
            file.append(List.of(new Event(
                    i, "2026-01-15T09:30:00.000Z", EventKind.KERNEL, "table", List.of(), "behind", "EINVAL")));
        }

        assertThat(Files.size(directory.resolve("events.log"))).isLessThan(2_300);
        assertThat(Files.size(directory.resolve("events.1.log"))).isLessThan(2_300);
        assertThat(file.load(1_000).latest().getLast().number()).isEqualTo(200);
        assertThat(file.load(1_000).damaged()).isZero();
        assertThat(file.load(5).latest()).extracting(Event::number).containsExactly(196L, 197L, 198L, 199L, 200L);
    }

    /** Nobody who tells of a change ever waits; what is too much is counted and said. */
    @Test
    void losesWhatIsTooMuchAndSaysSo() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        try (EventLog log = EventLog.open(directory)) {
            log.record(
                    EventKind.HEALTH,
                    () -> {
                        await(busy);
                        return EventSubject.of("slow");
                    },
                    "unhealthy",
                    "refused");
            for (int i = 0; i < EventLog.EVENTS_MAX + 500; i++) {
                health(log, "web-" + i);
            }
            busy.countDown();

            long after = 0;
            boolean said = false;
            while (!said) {
                EventLog.Page page = log.after(after, EventLog.EVENTS_MAX, Optional.empty(), PATIENCE);
                said = page.events().stream().anyMatch(event -> event.change().endsWith(" events were lost"));
                after = page.last();
            }
            assertThat(said).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
