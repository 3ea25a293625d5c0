package io.fairlead.system.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.system.failover.ElectedAppliances.Member;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.PingGap;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two appliances that ask their link when they do not hear each other: one by ARP, one by neighbor discovery. A story, in which
 * each scenario begins where the one before ended.
 */
@Tag("namespace")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before any test
class IsolationFailoverTest {

    private static final String HELLOS = "udp dport 7946";

    private ElectedAppliances appliances;
    private Member a;
    private Member b;

    @BeforeAll
    void twoAppliancesAndAGateway() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        appliances = new ElectedAppliances(2);
        appliances.neighbor("gateway", "192.0.2.254/24", "2001:db8::fe/64");
        String both = "preempt-delay = 0s, address-lifetime = 2s, addresses = [\"" + ElectedAppliances.VIP
                + "\", \"2001:db8::100\"]";
        a = appliances.start("priority = 150, isolation-test = [\"192.0.2.254\"], " + both);
        b = appliances.start("priority = 100, isolation-test = [\"2001:db8::fe\"], " + both);
    }

    @AfterAll
    void close() {
        if (appliances != null) {
            appliances.close();
        }
    }

    @Test
    @Order(1)
    void whereOnlyThePeersDoNotHearEachOtherTheMasterStaysAndTheBackupSaysWhy() {
        appliances.awaitMaster(a);
        try (PingGap client = PingGap.start(appliances.client, ElectedAppliances.VIP, Duration.ofMillis(20))) {
            a.drop(HELLOS);
            b.drop(HELLOS);

            appliances.await(
                    "the backup finds the addresses taken", () -> b.isolation().equals("taken"));
            appliances.await("it is told that the path is broken", () -> b.told("peer path broken"));
            assertThat(b.role()).isEqualTo("backup");
            assertThat(a.isolation()).isEqualTo("free");
            assertThat(appliances.holders()).containsExactly(a);
            assertThat(client.longest()).isLessThan(Duration.ofSeconds(1));
        }
    }

    /** Nobody tells the backup: it sees that the address has become free. */
    @Test
    @Order(2)
    void aMasterThatIsCutOffLetsGoAndTheBackupTakesOver() {
        a.cable.block();

        appliances.await("it lets go", () -> !a.holds());
        assertThat(a.role()).isEqualTo("fault");
        assertThat(a.isolation()).isEqualTo("cut-off");
        appliances.await("it is told", () -> a.told("isolated"));
        appliances.awaitMaster(b);
    }

    @Test
    @Order(3)
    void whoComesBackLeavesTheAddressesToTheOtherUntilTheyHearEachOther() {
        a.cable.heal();

        appliances.await("it finds the addresses taken", () -> a.isolation().equals("taken"));
        assertThat(appliances.holders()).containsExactly(b);

        a.dropNothing();
        b.dropNothing();
        appliances.awaitMaster(a);
        assertThat(a.isolation()).isEqualTo("unknown");
    }

    @Test
    @Order(4)
    void aBackupThatIsCutOffTakesNothing() {
        b.cable.block();

        appliances.await("it is cut off", () -> b.isolation().equals("cut-off"));
        assertThat(b.role()).isEqualTo("backup");
        assertThat(appliances.holders()).containsExactly(a);

        b.cable.heal();
        appliances.await("they hear each other", () -> b.isolation().equals("unknown"));
        appliances.awaitMaster(a);
    }

    /** The kernel of the dead one goes on serving until its lease ends: only then is there anything to take over. */
    @Test
    @Order(5)
    void aKilledMasterIsReplacedWhenItsKernelHasLetGo() {
        try (PingGap client = PingGap.start(appliances.client, ElectedAppliances.VIP, Duration.ofMillis(20))) {
            a.appliance.kill();

            appliances.awaitMaster(b);
            assertThat(client.longest()).isLessThan(Duration.ofSeconds(2));
        }
    }
}
