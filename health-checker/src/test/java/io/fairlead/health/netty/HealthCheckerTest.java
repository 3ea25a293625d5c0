package io.fairlead.health.netty;

import static io.fairlead.health.netty.CheckBench.http;
import static io.fairlead.health.netty.CheckBench.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.HealthState;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.NoProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.check.TcpProbeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HealthCheckerTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private static ScriptedServer quiet() {
        return ScriptedServer.open(ScriptedServer::waitForEnd);
    }

    /** Returns an address where nothing listens. */
    private static ServerAddress closedPort() throws IOException {
        try (ScriptedServer server = quiet()) {
            return server.address();
        }
    }

    static void waitUntil(BooleanSupplier condition) {
        waitUntil(condition, CheckBench.LONG);
    }

    static void waitUntil(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("time left").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void tcpCheckPassesOnceConnected(String address) throws Exception {
        try (ScriptedServer server = ScriptedServer.openAt(address, ScriptedServer::waitForEnd);
                CheckBench bench = new CheckBench()) {
            CheckResult result = bench.firstResult(tcp(server.address(), PATIENT));

            assertThat(result).isInstanceOf(CheckResult.Passed.class);
            assertThat(result.detail()).isEqualTo("connected");
        }
    }

    @Test
    void tcpCheckLeavesNoConnectionInTimeWait() throws Exception {
        try (ScriptedServer server = quiet();
                CheckBench bench = new CheckBench()) {
            bench.checker().update(TargetChange.begin(Set.of(tcp(server.address(), Duration.ofMillis(100)))));
            assertThat(server.awaitAccepted(5)).isTrue();

            String port = ":%04X".formatted(server.address().port());
            List<String> inTimeWait = Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(field -> field[2].endsWith(port) && field[3].equals("06"))
                    .map(field -> field[1])
                    .toList();
            assertThat(inTimeWait).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusedConnectionIsSaidSo(boolean asksHttp) throws Exception {
        ServerAddress nobody = closedPort();
        try (CheckBench bench = new CheckBench()) {
            CheckResult result = bench.firstResult(asksHttp ? http(nobody, PATIENT) : tcp(nobody, PATIENT));

            assertThat(result).isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
                assertThat(failed.detail()).isEqualTo("connection refused");
                assertThat(failed.reason()).isEqualTo(FailureReason.REFUSED);
            });
        }
    }

    @Test
    void unreachableAddressIsSaidSo() throws Exception {
        try (CheckBench bench = new CheckBench()) {
            // TCP to the broadcast address: ENETUNREACH with or without routes.
            CheckResult result = bench.firstResult(tcp(ServerAddress.parse("255.255.255.255:80"), PATIENT));

            assertThat(result).isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
                assertThat(failed.detail()).isEqualTo("host or network unreachable");
                assertThat(failed.reason()).isEqualTo(FailureReason.UNREACHABLE);
            });
        }
    }

    @Test
    void unansweredConnectTimesOut() throws Exception {
        // A full accept queue drops further SYNs.
        try (ServerSocket full = new ServerSocket();
                CheckBench bench = new CheckBench()) {
            full.bind(new InetSocketAddress(IpAddress.parse("127.0.0.1").toInetAddress(), 0), 1);
            List<SocketChannel> fillers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                boolean _ = filler.connect(full.getLocalSocketAddress());
                fillers.add(filler);
            }

            CheckResult result = bench.firstResult(tcp(ServerAddress.parse("127.0.0.1:" + full.getLocalPort()), SHORT));

            assertThat(result).isInstanceOfSatisfying(CheckResult.Failed.class, failed -> {
                assertThat(failed.detail()).isEqualTo("no connection within 200 ms");
                assertThat(failed.reason()).isEqualTo(FailureReason.TIMED_OUT);
                assertThat(failed.elapsed()).isGreaterThanOrEqualTo(SHORT);
            });
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void targetWithoutCheckIsHealthyAtOnceAndHasNothingToTell() throws Exception {
        CheckTarget unchecked = CheckBench.target(ServerAddress.parse("192.0.2.1:0"), new NoProbeSpec(), PATIENT);
        try (ScriptedServer server = quiet();
                CheckBench bench = new CheckBench()) {
            CheckTarget checked = tcp(server.address(), Duration.ofMillis(100));
            assertThat(bench.checker().stateOf(unchecked)).isEqualTo(HealthState.UNCHECKED);

            bench.checker().update(TargetChange.begin(Set.of(unchecked, checked)));

            assertThat(bench.nextChange().target()).isEqualTo(checked);
            assertThat(bench.checker().stateOf(unchecked)).isEqualTo(HealthState.UNCHECKED);
        }
    }

    @Test
    void onlyChangesAreTold() throws Exception {
        try (ScriptedServer server = quiet();
                CheckBench bench = new CheckBench()) {
            CheckTarget target = tcp(server.address(), Duration.ofMillis(100));
            bench.checker().update(TargetChange.begin(Set.of(target)));

            CheckBench.Change up = bench.nextChange();
            waitUntil(() -> bench.checker().stateOf(target).passesInARow() >= 4);
            server.stop();
            CheckBench.Change down = bench.nextChange();

            assertThat(up.previous()).isEqualTo(HealthState.UNKNOWN);
            assertThat(up.now().health()).isEqualTo(Health.HEALTHY);
            assertThat(down.previous().health()).isEqualTo(Health.HEALTHY);
            assertThat(down.now().health()).isEqualTo(Health.UNHEALTHY);
        }
    }

    @Test
    void serverThatComesBackBecomesHealthyAfterRisePasses() throws Exception {
        ServerAddress address = closedPort();
        CheckSpec spec = new CheckSpec(new TcpProbeSpec(), Duration.ofMillis(100), Duration.ofMillis(100), 3, 2);
        CheckTarget target = new CheckTarget(address, spec);
        try (CheckBench bench = new CheckBench()) {
            bench.checker().update(TargetChange.begin(Set.of(target)));
            assertThat(bench.nextChange().now().failuresInARow()).isEqualTo(2);

            try (ServerSocket back = new ServerSocket()) {
                back.setReuseAddress(true);
                back.bind(new InetSocketAddress(address.address().toInetAddress(), address.port()));

                CheckBench.Change change = bench.nextChange();
                assertThat(change.now().health()).isEqualTo(Health.HEALTHY);
                assertThat(change.now().passesInARow()).isEqualTo(3);
            }
        }
    }

    @Test
    void updateKeepsWhatStaysStartsWhatIsNewAndStopsWhatGoes() throws Exception {
        try (ScriptedServer first = quiet();
                ScriptedServer second = quiet();
                ScriptedServer third = quiet();
                CheckBench bench = new CheckBench()) {
            CheckTarget goes = tcp(first.address(), Duration.ofMillis(100));
            CheckTarget stays = tcp(second.address(), Duration.ofMillis(100));
            CheckTarget comes = tcp(third.address(), Duration.ofMillis(100));
            HealthChecker checker = bench.checker();
            checker.update(TargetChange.begin(Set.of(goes, stays)));
            waitUntil(() -> checker.stateOf(stays).passesInARow() >= 3
                    && checker.stateOf(goes).passesInARow() >= 1);

            checker.update(new TargetChange(Set.of(comes), Set.of(goes)));
            waitUntil(() -> checker.snapshot().keySet().equals(Set.of(stays, comes)));

            assertThat(checker.stateOf(stays).passesInARow()).isGreaterThanOrEqualTo(3);
            assertThat(checker.stateOf(goes)).isEqualTo(HealthState.UNKNOWN);
            assertThat(third.awaitAccepted(2)).isTrue();
            int _ = first.drainAccepted();
            assertThat(third.awaitAccepted(4)).isTrue();
            assertThat(first.drainAccepted()).isZero();
        }
    }

    @Test
    void tellsTheEndOfATargetAfterTheLastChangeOfIt() throws Exception {
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        HealthListener listener = new HealthListener() {
            @Override
            public void healthChanged(CheckTarget target, HealthState previous, HealthState now) {
                told.add("changed " + target);
            }

            @Override
            public void ended(CheckTarget target) {
                told.add("ended " + target);
            }
        };
        try (ScriptedServer server = quiet();
                HealthChecker checker = new HealthChecker(listener)) {
            CheckTarget target = tcp(server.address(), Duration.ofMillis(100));
            checker.update(TargetChange.begin(Set.of(target)));
            assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("changed " + target);

            checker.update(new TargetChange(Set.of(), Set.of(target)));
            assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("ended " + target);
        }
    }

    @Test
    void probesOverTheBoundWaitAndAreNotLost() throws Exception {
        try (ScriptedServer silent = quiet()) {
            Set<CheckTarget> targets = new HashSet<>();
            for (int i = 0; i < 12; i++) {
                targets.add(CheckBench.target(
                        silent.address(),
                        new HttpProbeSpec("GET", "/" + i, Optional.empty(), List.of(new StatusRange(200, 200))),
                        SHORT));
            }
            LinkedBlockingQueue<Map.Entry<CheckTarget, Integer>> told = new LinkedBlockingQueue<>();
            AtomicReference<HealthChecker> self = new AtomicReference<>();
            CountDownLatch ready = new CountDownLatch(1);
            try (HealthChecker checker = new HealthChecker(
                    (target, _, _) -> {
                        awaitQuietly(ready);
                        told.add(Map.entry(target, self.get().counters().open()));
                    },
                    2)) {
                self.set(checker);
                ready.countDown();
                checker.update(TargetChange.begin(targets));

                Set<CheckTarget> seen = new HashSet<>();
                while (seen.size() < targets.size()) {
                    Map.Entry<CheckTarget, Integer> change = told.poll(30, TimeUnit.SECONDS);
                    assertThat(change).as("after %s", seen).isNotNull();
                    seen.add(change.getKey());
                    assertThat(change.getValue()).isBetween(0, 2);
                }
                CheckCounters counters = checker.counters();
                assertThat(counters.delayed()).isPositive();
                // Five rounds of 200 ms wait for two places: most begin more than 100 ms after their time.
                assertThat(counters.lateness().late()).isPositive();
                assertThat(counters.late()).isEqualTo(counters.lateness().late() + counters.skipped());
                assertThat(counters.failed()).isGreaterThanOrEqualTo(12);
                assertThat(counters.done()).isEqualTo(counters.failed());
            }
        }
    }

    /** Four times as many silent ones as there are places: in turn with them, one that answers would be asked every 4 s. */
    @Test
    void realServersThatSayNothingDoNotTakeThePlacesOfThoseThatAnswer() throws Exception {
        try (ScriptedServer silent = quiet();
                ScriptedServer good = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                CheckBench bench = new CheckBench(8)) {
            HealthChecker checker = bench.checker();
            Set<CheckTarget> hostile = new HashSet<>();
            for (int i = 0; i < 32; i++) {
                hostile.add(CheckBench.target(
                        silent.address(),
                        new HttpProbeSpec("GET", "/" + i, Optional.empty(), List.of(new StatusRange(200, 200))),
                        Duration.ofSeconds(1)));
            }
            CheckTarget answering = http(good.address(), Duration.ofMillis(400));
            checker.update(TargetChange.begin(hostile));
            checker.update(TargetChange.begin(Set.of(answering)));
            waitUntil(() -> hostile.stream()
                            .noneMatch(target -> checker.historyOf(target).isEmpty())
                    && checker.stateOf(answering).passesInARow() > 0);
            long failed = checker.counters().failed();
            long passed = checker.counters().passed();

            waitUntil(() -> checker.counters().failed() >= failed + 16); // four rounds of half of the places

            assertThat(checker.counters().passed() - passed).isGreaterThanOrEqualTo(4);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            boolean _ = latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void waitingProbesThatFailAtOnceDoNotDeepenTheStack() throws Exception {
        // 20,000 targets behind one slot, each refused before its beginning returns.
        Set<CheckTarget> targets = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            targets.add(CheckBench.target(
                    ServerAddress.parse("255.255.255.255:" + (i + 1)), new TcpProbeSpec(), Duration.ofMillis(100)));
        }
        CountDownLatch down = new CountDownLatch(targets.size());
        try (HealthChecker checker = new HealthChecker((_, _, _) -> down.countDown(), 1)) {
            checker.update(TargetChange.begin(targets));

            assertThat(down.await(40, TimeUnit.SECONDS)).isTrue();
            assertThat(checker.counters().ownFaults()).isZero();
        }
    }

    @Test
    void listenerThatThrowsDisturbsNoOtherCheck() throws Exception {
        try (ScriptedServer one = quiet();
                ScriptedServer other = quiet()) {
            CountDownLatch both = new CountDownLatch(2);
            try (HealthChecker checker = new HealthChecker((target, _, _) -> {
                both.countDown();
                throw new IllegalStateException("listener of " + target);
            })) {
                checker.update(TargetChange.begin(Set.of(
                        tcp(one.address(), Duration.ofMillis(100)), tcp(other.address(), Duration.ofMillis(100)))));

                assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(one.awaitAccepted(3)).isTrue();
                assertThat(other.awaitAccepted(3)).isTrue();
                waitUntil(() -> checker.counters().open() == 0);
            }
        }
    }

    @Test
    void listenerMayCloseTheChecker() throws Exception {
        AtomicReference<HealthChecker> self = new AtomicReference<>();
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        HealthChecker checker = new HealthChecker((_, _, _) -> {
            awaitQuietly(ready);
            self.get().close();
            closed.countDown();
        });
        self.set(checker);
        ready.countDown();

        checker.update(TargetChange.begin(Set.of(tcp(closedPort(), Duration.ofMillis(100)))));

        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        checker.close();
        checker.update(TargetChange.begin(Set.of())); // no effect, no exception
        assertThat(checker.snapshot()).isEmpty();
    }

    @Test
    void closingLeavesNoDescriptorAndNoThread() throws Exception {
        openAndCloseWithEveryKindOfServer(); // loads what stays loaded
        Set<String> before = sockets();

        for (int i = 0; i < 5; i++) {
            openAndCloseWithEveryKindOfServer();
        }

        waitUntil(() -> before.containsAll(sockets()));
        waitUntil(() -> Thread.getAllStackTraces().keySet().stream() // a loop says that it has ended a moment before
                .noneMatch(thread -> thread.getName().equals("fairlead-checks")));
    }

    private static void openAndCloseWithEveryKindOfServer() throws Exception {
        try (ScriptedServer silent = quiet();
                ScriptedServer garbage = ScriptedServer.answering("garbage\r\n\r\n");
                ScriptedServer good = ScriptedServer.answering("HTTP/1.1 200 OK\r\n\r\n");
                ScriptedServer endless = ScriptedServer.open(HealthCheckerTest::sendForEver);
                CheckBench bench = new CheckBench()) {
            bench.checker()
                    .update(TargetChange.begin(Set.of(
                            http(silent.address(), Duration.ofMillis(150)),
                            http(silent.address(), Duration.ofMillis(500)), // still open when closing
                            http(garbage.address(), Duration.ofMillis(100)),
                            http(good.address(), Duration.ofMillis(100)),
                            http(endless.address(), Duration.ofMillis(100)),
                            tcp(good.address(), Duration.ofMillis(100)),
                            tcp(closedPort(), Duration.ofMillis(100)),
                            tcp(ServerAddress.parse("255.255.255.255:80"), Duration.ofMillis(100)))));
            for (int i = 0; i < 7; i++) {
                CheckBench.Change _ = bench.nextChange();
            }
        }
    }

    private static void sendForEver(Socket connection) throws IOException {
        while (true) {
            ScriptedServer.send(connection, "x".repeat(1000));
        }
    }

    /** Returns the sockets and event queues that this process holds. */
    private static Set<String> sockets() {
        Set<String> links = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String link = Files.readSymbolicLink(descriptor).toString();
                    if (link.startsWith("socket:") || link.startsWith("anon_inode:")) {
                        links.add(descriptor.getFileName() + " " + link);
                    }
                } catch (IOException e) {
                    // closed since
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return links;
    }

    @Test
    void boundBelowOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HealthChecker((_, _, _) -> {}, 0).close())
                .withMessage("open probes max 0 (expected: at least 1)");
    }
}
