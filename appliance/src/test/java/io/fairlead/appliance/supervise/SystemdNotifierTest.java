package io.fairlead.appliance.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemdNotifierTest {

    @TempDir
    Path directory;

    @Test
    void tellsTheStagesOfAServiceByAPath() throws Exception {
        String name = directory.resolve("notify").toString();
        try (NotifySocket socket = NotifySocket.bind(name);
                SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", name))) {
            notifier.ready("2 virtual servers");
            notifier.reloading();
            notifier.alive();
            notifier.stopping();

            assertThat(socket.receive()).isEqualTo("READY=1\nSTATUS=2 virtual servers");
            assertThat(socket.receive()).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+");
            assertThat(socket.receive()).isEqualTo("WATCHDOG=1");
            assertThat(socket.receive()).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void tellsByAnAbstractName() throws Exception {
        String name = "@fairlead-test-" + ProcessHandle.current().pid();
        try (NotifySocket socket = NotifySocket.bind(name);
                SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", name))) {
            notifier.alive();

            assertThat(socket.receive()).isEqualTo("WATCHDOG=1");
        }
    }

    @ParameterizedTest
    @CsvSource({",", "vsock:2:3", "relative/path", "/nowhere/notify"})
    void failsNobodyWhereNobodyListens(String name) {
        Map<String, String> environment = name == null ? Map.of() : Map.of("NOTIFY_SOCKET", name);
        try (SystemdNotifier notifier = SystemdNotifier.of(environment)) {
            notifier.ready("");
            notifier.alive();
        }
    }

    @ParameterizedTest
    @CsvSource({"30000000, , 30", "30000000, self, 30", "30000000, 1, ", "0, , ", "-5, , ", "soon, , ", ", , "})
    void watchesOnlyWhatSystemdWatches(String micros, String process, Integer seconds) {
        Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", "/nowhere/notify"));
        if (micros != null) {
            environment.put("WATCHDOG_USEC", micros);
        }
        if (process != null) {
            environment.put(
                    "WATCHDOG_PID",
                    process.equals("self")
                            ? Long.toString(ProcessHandle.current().pid())
                            : process);
        }
        try (SystemdNotifier notifier = SystemdNotifier.of(environment)) {
            assertThat(notifier.watchdogTimeout().map(Duration::toSeconds).map(Long::intValue))
                    .isEqualTo(Optional.ofNullable(seconds));
        }
    }

    @Test
    void givesSignsOfLifeOnlyWhileTheLoopAnswers() throws Exception {
        String name = directory.resolve("notify").toString();
        AtomicInteger answersLeft = new AtomicInteger(3);
        CompletableFuture<Void> asked = new CompletableFuture<>();
        try (NotifySocket socket = NotifySocket.bind(name);
                SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", name));
                Watchdog _ = Watchdog.start(notifier, Duration.ofMillis(20), () -> {
                    int left = answersLeft.getAndDecrement();
                    if (left < 0) {
                        asked.complete(null);
                    }
                    return left > 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
                })) {
            asked.get();

            assertThat(socket.receive()).isEqualTo("WATCHDOG=1");
            assertThat(socket.receive()).isEqualTo("WATCHDOG=1");
            assertThat(socket.receive()).isEqualTo("WATCHDOG=1");
            assertThat(socket.isEmpty()).isTrue();
        }
    }
}
