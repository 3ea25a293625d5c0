package io.fairlead.system.failover;

import static io.fairlead.system.appliance.AppliancePair.awaitMaster;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.system.appliance.AppliancePair;
import io.fairlead.system.appliance.AppliancePair.Member;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.RequestLoop;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two hundred connections, translated and directly routed, over a planned hand-over and the power-off of the master. One story:
 * the same connections live through all of it.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before any test
class ConnectionsSurviveLabTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CONNECTIONS = 100;

    /** In the kernel a connection waits for others up to two seconds, and is looked at once a second. */
    private static final Duration TOLD = Duration.ofSeconds(4);

    private final Topology topology = Topology.create();
    private final AppliancePair pair = new AppliancePair(topology, "advertisement-interval = 400ms, misses = 5");
    private Member first;
    private Member second;
    private RunningProcess translated;
    private RunningProcess routed;

    @BeforeAll
    void start() {
        first = pair.start("edge-a", 2, 150);
        second = pair.start("edge-b", 1, 100);
        first.appliance().awaitHealthy("routed", 2);
        second.appliance().awaitHealthy("routed", 2);
        awaitMaster(first, second);
        translated = hold(AppliancePair.TRANSLATED);
        routed = hold(AppliancePair.ROUTED);
        translated.awaitLine("holding " + CONNECTIONS, PATIENCE);
        routed.awaitLine("holding " + CONNECTIONS, PATIENCE);
    }

    @AfterAll
    void close() {
        try (topology;
                pair) {
            for (Member member : new Member[] {first, second}) {
                if (member != null) { // the story may fail before
                    member.appliance().close();
                }
            }
        }
    }

    private RunningProcess hold(String address) {
        return pair.client()
                .startJava(
                        ConnectionHolder.class, address, "80", Integer.toString(CONNECTIONS), "900", "1000", "60000");
    }

    private void end(RunningProcess process) {
        pair.client().run("kill", "-TERM", Long.toString(process.pid())).orThrow();
    }

    /** Until the connections have been used by way of the present master. */
    private void assertNoneIsLost() {
        LockSupport.parkNanos(TOLD.toNanos());
        assertThat(translated.out() + routed.out()).doesNotContain("lost");
    }

    /** Also none that was opened a moment ago, of which the successor was not told yet: a new one for each request. */
    @Test
    @Order(1)
    void aPlannedHandOverLosesNoConnectionHoweverYoung() {
        RunningProcess requests = pair.client().startJava(RequestLoop.class, AppliancePair.TRANSLATED, "80", "20");
        requests.awaitLine("running", PATIENCE);

        assertThat(first.appliance().handOver().problem()).isNull();

        awaitMaster(second, first);
        assertNoneIsLost();
        end(requests);
        assertThat(requests.awaitLine("requests", PATIENCE)).contains(" failed 0 ");
    }

    @Test
    @Order(2)
    void thePowerOffOfTheMasterLosesNoConnectionThatThePeerWasToldOf() {
        second.host().powerOff();

        AppliancePair.await("the backup takes over", first::holds);
        assertNoneIsLost();
    }

    @Test
    @Order(3)
    void allConnectionsHaveLivedThroughIt() {
        for (RunningProcess holder : new RunningProcess[] {translated, routed}) {
            end(holder);
            HoldReport report = HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, PATIENCE));
            assertThat(report.opened()).as("%s", report).isEqualTo(CONNECTIONS);
            assertThat(report.lost() + report.strayed()).as("%s", report).isZero();
        }
    }
}
