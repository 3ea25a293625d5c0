package io.fairlead.system.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.appliance.admin.HaRequest;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.system.failover.ElectedAppliances.Member;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.PingGap;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An appliance of this release beside one whose hellos are of the next version: the two elect, hand over, and miss nothing. */
@Tag("namespace")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before any test
class RollingUpgradeTest {

    private ElectedAppliances appliances;
    private NetworkHost later;
    private Member present;

    @BeforeAll
    void anApplianceAndAHostForTheNextRelease() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        appliances = new ElectedAppliances(2);
        present = appliances.start("priority = 100, preempt-delay = 0s");
        later = appliances.neighbor("edge-later", "192.0.2.2/24");
    }

    @AfterAll
    void close() {
        if (appliances != null) {
            appliances.close();
        }
    }

    private boolean laterHolds() {
        return later.run("ip", "-4", "address", "show", "dev", "eth0")
                .orThrow()
                .out()
                .contains(ElectedAppliances.VIP);
    }

    private void awaitHolder(boolean isLater) {
        appliances.await(
                (isLater ? later : present.host) + " holds the address, and it alone",
                () -> laterHolds() == isLater && present.holds() != isLater && appliances.answers());
    }

    @Test
    void theyHandOverToEachOtherAndNobodyIsMissed() throws KeyFile.Unusable {
        awaitHolder(false);
        long unreadable = present.appliance.highAvailability().unreadable();
        try (PingGap client = PingGap.start(appliances.client, ElectedAppliances.VIP, Duration.ofMillis(10))) {
            try (LaterNode node = LaterNode.readable(later, appliances.key(), 150)) {
                awaitHolder(true); // better, so it asks for the address, and is given it
                present.awaitRole("backup");

                node.handOver();
                awaitHolder(false);
                appliances.await("it has let go", () -> node.role() == HelloRole.BACKUP);
            }
            present.awaitRole("master");
            try (LaterNode node = LaterNode.readable(later, appliances.key(), 150)) {
                awaitHolder(true);
                assertThat(node.role()).isEqualTo(HelloRole.MASTER);
            }
            awaitHolder(false); // its stop has handed over
            assertThat(client.longest())
                    .as("less than the silence after which a master is given up")
                    .isLessThan(Duration.ofMillis(600));
        }

        assertThat(present.told("master silent")).as("but for the first time").isTrue();
        assertThat(present.appliance.events())
                .filteredOn(event -> event.cause().equals("master silent"))
                .hasSize(1);
        assertThat(present.appliance.highAvailability().unreadable()).isEqualTo(unreadable);
    }

    /** The lower address is the present one's: of two that meet as masters it would be the one to let go. */
    @Test
    void oneThatCannotBeReadIsNotTakenForSilent() throws KeyFile.Unusable {
        awaitHolder(false);
        long changes = changes();
        try (LaterNode node = LaterNode.unreadable(later, appliances.key(), 150)) {
            appliances.await("it is seen", () -> present.roleOfPeer().equals("unreadable"));
            ElectedAppliances.pause(Duration.ofSeconds(2));
            assertThat(node.role()).isEqualTo(HelloRole.BACKUP);
            assertThat(changes()).isEqualTo(changes);
            assertThat(present.told("peer unreadable of 192.0.2.2")).isTrue();

            present.appliance.highAvailability(new HaRequest(null, true));
            awaitHolder(true); // it has understood that the address is free
            present.appliance.highAvailability(new HaRequest(null, false));
            ElectedAppliances.pause(Duration.ofSeconds(2));
            awaitHolder(true);
            present.awaitRole("backup");
        }
        awaitHolder(false);
        assertThat(present.appliance.highAvailability().unreadable()).isPositive();
    }

    private long changes() {
        return present.appliance.highAvailability().routers().getFirst().changes();
    }
}
