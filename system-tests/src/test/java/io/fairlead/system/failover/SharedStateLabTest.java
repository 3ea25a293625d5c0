package io.fairlead.system.failover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.PeerVerdictLine;
import io.fairlead.appliance.admin.StatusReport.RealServerLine;
import io.fairlead.appliance.event.Event;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What two appliances know together: what operators said on one of them, and what the checks of each say. A story in order. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedStateLabTest {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    /** At first on one of them only. */
    private static final String SLOW = """
        fairlead.virtual-servers.slow {
          address = "192.0.2.100", port = 81, forwarding = nat, slow-start = 1h
          health-check { type = icmp, interval = 1s, timeout = 900ms, rise = 1, fall = 2 }
          real-servers = [{ name = web-1, address = "10.0.0.11", weight = 20 }]
        }
        """;

    @TempDir
    private static Path folder;

    private static Topology lab;
    private static NetworkHost edge;
    private static Link backOfA;
    private static ApplianceProcess applianceA;
    private static ApplianceProcess applianceB;

    @BeforeAll
    static void twoAppliances() throws IOException {
        lab = Topology.create();
        Bridge front = lab.bridge("front");
        Bridge back = lab.bridge("back");
        NetworkHost web = lab.host("web");
        NetworkHost hostA = lab.host("edge-a");
        NetworkHost hostB = lab.host("edge-b");
        edge = hostA;
        front.attach(hostA, "192.0.2.1/24");
        front.attach(hostB, "192.0.2.2/24");
        back.attach(web, "10.0.0.11/24", "10.0.0.12/24");
        backOfA = back.attach(hostA, "10.0.0.1/24");
        back.attach(hostB, "10.0.0.2/24");
        Path key = folder.resolve("cluster.key");
        Files.writeString(key, KeyFile.newKey());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        applianceA = ApplianceProcess.start(hostA, configuration("192.0.2.1", 150) + SLOW);
        applianceB = ApplianceProcess.start(hostB, configuration("192.0.2.2", 100));
        applianceA.awaitHealthy("web", 2);
        applianceB.awaitHealthy("web", 2);
    }

    @AfterAll
    static void close() {
        if (applianceA != null) {
            applianceA.close();
        }
        if (applianceB != null) {
            applianceB.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    private static String configuration(String self, int priority) {
        return """
            fairlead {
              virtual-servers.web {
                address = "192.0.2.100", port = 80, forwarding = nat
                health-check { type = icmp, interval = 1s, timeout = 900ms, rise = 1, fall = 2 }
                real-servers = [
                  { name = web-1, address = "10.0.0.11", weight = 10 }
                  { name = web-2, address = "10.0.0.12", weight = 10 }
                ]
              }
              virtual-servers.late {
                address = "192.0.2.100", port = 82, forwarding = nat
                health-check { type = icmp, interval = 15s, timeout = 900ms, rise = 2, initial-state = down }
                real-servers = [{ name = web-1, address = "10.0.0.11" }]
              }
              high-availability {
                cluster = edge, interface = eth0, bind-address = "%s"
                peers = ["192.0.2.1", "192.0.2.2"], secret-file = "%s", connection-sync.enabled = false
                virtual-routers.blue {
                  id = 51, priority = %d, addresses = ["192.0.2.100"]
                  advertisement-interval = 500ms, preempt-delay = 0s
                }
              }
            }
            """.formatted(self, folder.resolve("cluster.key"), priority);
    }

    private static RealServerLine member(StatusReport status, String name) {
        return status.virtualServers().stream()
                .filter(line -> line.name().equals("web"))
                .flatMap(line -> line.realServers().stream())
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void await(
            ApplianceProcess appliance, String what, String realServer, Predicate<RealServerLine> condition) {
        appliance.await(what, PATIENCE, status -> condition.test(member(status, realServer)));
    }

    private static void operate(ApplianceProcess appliance, String realServer, String action, Integer weight) {
        assertThat(appliance
                        .operate(new OperatorRequest("web", realServer, action, weight, null))
                        .problems())
                .isEmpty();
    }

    private static void operate(ApplianceProcess appliance, String realServer, String action) {
        assertThat(appliance
                        .operate(new OperatorRequest("web", realServer, action, null, null))
                        .problems())
                .isEmpty();
    }

    private static boolean isDrained(RealServerLine line) {
        return line.member().admin().equals("drained") && (line.weight() == null || line.weight() == 0);
    }

    @Test
    @Order(1)
    void aDrainIsFollowedByThePeer() {
        operate(applianceA, "web-1", "drain");

        await(applianceB, "the peer drains it, too", "web-1", SharedStateLabTest::isDrained);
        assertThat(member(applianceB.status(), "web-2").weight()).isEqualTo(10);
    }

    @Test
    @Order(2)
    void itSurvivesTheDeathOfTheOneItWasSaidTo() {
        applianceA.kill();
        operate(applianceB, "web-2", "set-weight", 7);

        assertThat(member(applianceB.status(), "web-1")).matches(SharedStateLabTest::isDrained);
    }

    @Test
    @Order(3)
    void whoComesBackRemembersAndLearnsWhatItMissed() {
        applianceA.restart();

        await(
                applianceA,
                "it learns of the weight",
                "web-2",
                line -> Integer.valueOf(7).equals(line.member().adminWeight()));
        assertThat(member(applianceA.status(), "web-1")).matches(SharedStateLabTest::isDrained);
    }

    @Test
    @Order(4)
    void anUndrainOnTheOtherOneIsFollowed() {
        operate(applianceB, "web-1", "enable");

        await(
                applianceA,
                "it serves again",
                "web-1",
                line -> Integer.valueOf(10).equals(line.weight()));
    }

    /** Without the master's clock, the slow start of the second one would have begun when it learnt of the virtual server. */
    @Test
    @Order(5)
    void aSlowStartIsAsFarAsAtTheMaster() {
        Instant end = slowStartEnds(applianceA).orElseThrow();
        assertThat(Duration.between(Instant.now(), end))
                .isLessThan(Duration.ofHours(1).minus(TOLERANCE.multipliedBy(3)));

        assertThat(applianceB.reload(configuration("192.0.2.2", 100) + SLOW).accepted())
                .isTrue();

        awaitSlowStartAsAtMaster();
    }

    private static void awaitSlowStartAsAtMaster() {
        applianceB.await(
                "it is as far as at the master",
                PATIENCE,
                _ -> slowStartEnds(applianceB)
                        .filter(here -> isAbout(here, slowStartEnds(applianceA).orElseThrow()))
                        .isPresent());
    }

    @Test
    @Order(6)
    void verdictsStandSideBySideAndADisagreementIsTold() {
        await(applianceB, "the peer says what it sees", "web-1", line -> says(line, "healthy"));

        backOfA.block();
        await(
                applianceB,
                "a dispute",
                "web-1",
                line -> line.health().equals("healthy") && says(line, "unhealthy") && line.disputed());

        backOfA.heal();
        await(applianceB, "they agree", "web-1", line -> says(line, "healthy") && !line.disputed());
        assertThat(applianceB.events())
                .anyMatch(event -> event.subject().equals("web/web-1")
                        && event.change().equals("peers disagree")
                        && event.cause().equals("unhealthy at 192.0.2.1, healthy at 192.0.2.2"));
    }

    /** It had been restarted, and its slowest check takes two rounds. */
    @Test
    @Order(7)
    void theBetterOneTookNothingOverBeforeAllItsChecksHadSpoken() {
        applianceA.await("it told of becoming master", PATIENCE, _ -> becameMaster(eventsSinceStart()) >= 0);

        List<Event> since = eventsSinceStart();
        int spoken =
                lastIndex(since, event -> event.subject().equals("late/web-1") && event.kind() == EventKind.HEALTH);
        assertThat(spoken).as("%s", since).isPositive().isLessThan(becameMaster(since));
    }

    private static List<Event> eventsSinceStart() {
        List<Event> all = applianceA.events();
        return all.subList(lastIndex(all, event -> event.cause().startsWith("start of version")), all.size());
    }

    private static int becameMaster(List<Event> events) {
        return lastIndex(
                events,
                event -> event.kind() == EventKind.ROLE && event.change().startsWith("master"));
    }

    private static int lastIndex(List<Event> events, Predicate<Event> which) {
        int last = -1;
        for (int i = 0; i < events.size(); i++) {
            last = which.test(events.get(i)) ? i : last;
        }
        return last;
    }

    private static boolean isMaster(ApplianceProcess appliance) {
        return appliance.highAvailability().routers().getFirst().role().equals("master");
    }

    /** Only where the clock is that of a machine of our own. */
    @Test
    @Order(8)
    void aStepOfTheClockMovesNothing() {
        assumeThat(System.getenv("FAIRLEAD_LAB_PLACE")).isEqualTo("vm");
        long changes = changes();
        Instant before = Instant.now();

        for (String step : List.of("+1 hour", "-2 hours", "+1 hour")) {
            Instant now = Instant.now();
            edge.run("date", "-s", step).orThrow();
            assertThat(Duration.between(now, Instant.now()).abs()).isGreaterThan(Duration.ofMinutes(50));
            pause(Duration.ofSeconds(3));
        }

        assertThat(Duration.between(before, Instant.now()).abs())
                .as("the time is right again")
                .isLessThan(Duration.ofMinutes(5));
        assertThat(changes()).isEqualTo(changes);
        assertThat(isMaster(applianceA)).isTrue();
    }

    private static long changes() {
        return Stream.of(applianceA, applianceB)
                .mapToLong(appliance ->
                        appliance.highAvailability().routers().getFirst().changes())
                .sum();
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /** The slow start of the master had begun anew, as its checks had failed; those of the second one never did. */
    @Test
    @Order(9)
    void aSlowStartGoesOnWhereTheMasterWas() {
        awaitSlowStartAsAtMaster();
        Instant end = slowStartEnds(applianceA).orElseThrow();

        applianceA.kill();

        applianceB.await("it is master", PATIENCE, _ -> isMaster(applianceB));
        assertThat(slowStartEnds(applianceB))
                .hasValueSatisfying(here -> assertThat(here).isCloseTo(end, within(TOLERANCE)));
    }

    private static Optional<Instant> slowStartEnds(ApplianceProcess appliance) {
        return appliance.status().virtualServers().stream()
                .filter(line -> line.name().equals("slow"))
                .map(line -> line.realServers().getFirst().member())
                .filter(member -> "starting".equals(member.phase()))
                .map(member -> Instant.parse(requireNonNull(member.until())))
                .findFirst();
    }

    private static boolean isAbout(Instant one, Instant other) {
        return Duration.between(one, other).abs().compareTo(TOLERANCE) <= 0;
    }

    private static boolean says(RealServerLine line, String health) {
        return line.peers().stream().map(PeerVerdictLine::health).toList().equals(List.of(health));
    }
}
