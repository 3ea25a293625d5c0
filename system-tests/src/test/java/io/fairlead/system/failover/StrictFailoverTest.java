package io.fairlead.system.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.system.failover.ElectedAppliances.Member;
import io.fairlead.system.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Three appliances of which a majority decides: who is cut off lets go by itself, and nobody alone takes anything. A story. */
@Tag("namespace")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before any test
class StrictFailoverTest {

    private ElectedAppliances appliances;
    private List<Member> members;

    @BeforeAll
    void threeAppliances() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        appliances = new ElectedAppliances(3);
        String router = "priority = 100, preempt = false, safety = strict";
        members = List.of(appliances.start(router), appliances.start(router), appliances.start(router));
    }

    @AfterAll
    void close() {
        if (appliances != null) {
            appliances.close();
        }
    }

    @Test
    @Order(1)
    void whoIsCutOffLetsGoWithoutBeingToldAndTheMajorityHasAnotherMaster() {
        Member first = appliances.awaitOneMaster();

        first.cable.block();

        appliances.await("it lets go", () -> !first.holds());
        Member second = appliances.awaitOneMaster();
        assertThat(second).isNotSameAs(first);
        first.cable.heal();
        first.awaitRole("backup");
    }

    @Test
    @Order(2)
    void aKilledMasterIsReplaced() {
        Member first = appliances.awaitOneMaster();

        first.appliance.kill();

        appliances.await("another has it", () -> appliances.holders().stream().anyMatch(holder -> holder != first));
        assertThat(appliances.awaitOneMaster()).isNotSameAs(first);
        first.appliance.restart();
        first.awaitRole("backup");
    }

    @Test
    @Order(3)
    void whoIsAloneHoldsNothing() {
        Member last = appliances.awaitOneMaster();
        members.stream().filter(member -> member != last).forEach(member -> member.cable.cut());

        appliances.await("nobody holds it", () -> appliances.holders().isEmpty());

        members.forEach(member -> member.cable.heal());
        appliances.awaitOneMaster();
    }
}
