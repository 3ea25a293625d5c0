package io.fairlead.system.failover;

import static io.fairlead.system.failover.ElectedAppliances.PATIENCE;
import static io.fairlead.system.failover.ElectedAppliances.VIP;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.system.failover.ElectedAppliances.Member;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.OwnerTimeline;
import io.fairlead.system.traffic.PingGap;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two appliances and one virtual address: one story, in which each scenario begins where the one before ended. A client measures
 * for how long nobody answers, and watches who says to have the address.
 */
@Tag("namespace")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before any test
class FailoverTest {

    /** Equal, and content with whoever is master. */
    private static final String CALM = "priority = 100, preempt = false";

    /** Some times the silence after which a master is given up, 0.65 s: the machine may be busy. */
    private static final Duration FAILOVER = Duration.ofSeconds(3);

    /** Less than that silence. */
    private static final Duration NEXT_TO_NOTHING = Duration.ofMillis(600);

    private ElectedAppliances appliances;
    private Member a;
    private Member b;
    private OwnerTimeline timeline;
    private int seen;

    @BeforeAll
    void twoAppliances() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        appliances = new ElectedAppliances(2);
        timeline = OwnerTimeline.start(appliances.client, VIP);
        a = appliances.start("priority = 150, preempt-delay = 0s");
        appliances.awaitMaster(a); // so that who announces first does not depend on which process starts faster
        b = appliances.start("priority = 100, preempt-delay = 0s");
        b.awaitRole("backup");
    }

    @AfterAll
    void close() {
        if (appliances != null) {
            timeline.close();
            appliances.close();
        }
    }

    /** Returns who has announced the address since this was last asked, once {@code last} has; each once in a row. */
    private List<Member> owners(Member last) {
        List<String> hardware = timeline.owners(seen, last.hardware(), PATIENCE);
        seen = timeline.announcements().size();
        String ofA = a.hardware();
        return hardware.stream().map(each -> each.equals(ofA) ? a : b).toList();
    }

    /** Returns for how long the client had no answer meanwhile. */
    private Duration gap(String scenario, Runnable story) {
        try (PingGap client = PingGap.start(appliances.client, VIP, Duration.ofMillis(10))) {
            story.run();
            Duration longest = client.longest();
            System.out.println(scenario + ": longest gap " + longest.toMillis() + " ms");
            return longest;
        }
    }

    @Test
    @Order(1)
    void theBetterOneHoldsTheAddressOnALeaseOfTheKernel() {
        appliances.awaitMaster(a);

        assertThat(a.addresses()).containsPattern(VIP + "/32 .*\n +valid_lft \\d+sec ");
        assertThat(a.fairlead("is-master", "blue")).isZero();
        assertThat(b.fairlead("is-master", "blue")).isEqualTo(7);
    }

    @Test
    @Order(2)
    void peersShareWhatTheyKnowAndCountWhatTheyHear() {
        appliances.await("each has the other in its group", () -> shares(a, "192.0.2.2") && shares(b, "192.0.2.1"));

        HaReport.Link link = requireNonNull(a.appliance.highAvailability().link());
        assertThat(link.listening()).isTrue();
        assertThat(link.peers())
                .singleElement()
                .matches(peer -> peer.address().equals("192.0.2.2") && peer.proven() && peer.hellosReceived() > 0);
    }

    private static boolean shares(Member member, String peer) {
        HaReport.Shared shared = member.appliance.highAvailability().shared();
        return shared != null && shared.members().equals(List.of(peer));
    }

    @Test
    @Order(3)
    void aCutCableMovesItAndAHealedOneBringsItBackWithAnAnnouncement() {
        assertThat(owners(a)).containsExactly(a);
        assertThat(gap("cable cut", () -> {
                    a.cable.cut();
                    appliances.await("the backup takes over", () -> b.holds() && appliances.answers());
                }))
                .isLessThan(FAILOVER);
        assertThat(owners(b)).endsWith(b);

        a.cable.heal();
        appliances.awaitMaster(a);
        assertThat(owners(a)).endsWith(a).hasSizeLessThanOrEqualTo(2);
    }

    /** Unlike a cut cable, a fault beyond the first switch shows to nobody: both are master until it is healed. */
    @Test
    @Order(4)
    void aPartitionThatHealsLeavesOneMasterWhichAnnouncesAgain() {
        a.cable.block();
        appliances.await("both sides have a master", () -> a.holds() && b.holds() && appliances.answers());
        assertThat(owners(b)).endsWith(b);

        assertThat(gap("partition heals", () -> {
                    a.cable.heal();
                    appliances.awaitMaster(a);
                }))
                .isLessThan(FAILOVER);
        assertThat(owners(a)).endsWith(a).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    @Order(5)
    void aPlannedHandOverMovesIt() {
        a.reload(CALM);
        b.reload(CALM);

        assertThat(gap("planned hand-over", () -> {
                    assertThat(a.fairlead("ha", "failover", "blue")).isZero();
                    appliances.awaitMaster(b);
                }))
                .isLessThan(NEXT_TO_NOTHING);
        assertThat(owners(b)).endsWith(b).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    @Order(6)
    void aReloadChangesAddressesAndKeepsTheMaster() {
        b.reload(CALM + ", addresses = [\"" + VIP + "\", \"192.0.2.101\"]");

        appliances.await("both addresses", () -> b.addresses().contains("192.0.2.101/32") && b.holds());
        b.reload(CALM);
        appliances.await("the second goes", () -> !b.addresses().contains("192.0.2.101/32"));
        assertThat(b.holds()).isTrue();
        assertThat(a.holds()).isFalse();
    }

    @Test
    @Order(7)
    void aRollingRestartHandsOverFirst() {
        owners(b);
        assertThat(gap("rolling restart", () -> {
                    assertThat(b.appliance.terminate()).isZero();

                    assertThat(b.holds()).isFalse();
                    appliances.awaitMaster(a);
                    b.appliance.restart();
                    b.awaitRole("backup");
                    assertThat(a.holds())
                            .as("nothing moves because somebody is there again")
                            .isTrue();

                    assertThat(a.appliance.terminate()).isZero();
                    appliances.awaitMaster(b);
                    a.appliance.restart();
                    a.awaitRole("backup");
                }))
                .isLessThan(NEXT_TO_NOTHING);
        assertThat(owners(b)).endsWith(a, b);
    }

    @Test
    @Order(8)
    void aKilledMasterIsReplacedAndItsKernelLetsGo() {
        assertThat(gap("kill -9", () -> {
                    b.appliance.kill();

                    appliances.await("the backup takes over", a::holds);
                    appliances.await("the lease of the dead one ends", () -> !b.holds());
                    appliances.awaitMaster(a);
                    b.appliance.restart();
                    b.awaitRole("backup");
                }))
                .isLessThan(NEXT_TO_NOTHING);
        assertThat(owners(a)).endsWith(a).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    @Order(9)
    void aMasterThatStoodStillFencesItself() {
        appliances.awaitMaster(a);
        owners(a);
        assertThat(gap("SIGSTOP, SIGCONT", () -> {
                    a.signal("STOP");

                    appliances.await("the other takes over", b::holds);
                    appliances.await("the lease ends", () -> !a.holds());
                    assertThat(owners(b)).endsWith(b).hasSizeLessThanOrEqualTo(2);
                    a.signal("CONT");

                    a.awaitRole("backup");
                    appliances.awaitMaster(b);
                }))
                .isLessThan(NEXT_TO_NOTHING);
        assertThat(timeline.announcements()
                        .subList(seen, timeline.announcements().size()))
                .as("whoever stood still announces nothing")
                .noneMatch(each -> each.hardware().equals(a.hardware()));
    }

    @Test
    @Order(10)
    void anInterfaceThatIsSwitchedOffIsAFaultAndRecovers() {
        assertThat(gap("interface switched off", () -> {
                    b.host.run("ip", "link", "set", "eth0", "down").orThrow();

                    b.awaitRole("fault");
                    appliances.awaitMaster(a);
                }))
                .isLessThan(FAILOVER);

        b.host.run("ip", "link", "set", "eth0", "up").orThrow();
        b.awaitRole("backup");
        appliances.awaitMaster(a);
    }

    /** The backup hears nothing and takes over; the master hears it, and lets go. */
    @Test
    @Order(11)
    void lossInOneDirectionLeavesOneMaster() {
        assertThat(gap("loss in one direction", () -> {
                    b.drop("ip saddr 192.0.2.1 udp dport 7946");

                    appliances.awaitMaster(b);
                    ElectedAppliances.pause(Duration.ofSeconds(2));
                    assertThat(appliances.holders()).containsExactly(b);

                    b.dropNothing();
                    ElectedAppliances.pause(Duration.ofSeconds(1));
                    appliances.awaitMaster(b);
                }))
                .isLessThan(FAILOVER);
        assertThat(owners(b)).endsWith(b);
    }

    @Test
    @Order(12)
    void withEveryThirdHelloLostTheClientIsServedAndOneMasterRemains() {
        String third = "udp dport 7946 numgen random mod 100 < 30";
        a.drop(third);
        b.drop(third);
        assertThat(gap("every third hello lost", () -> ElectedAppliances.pause(Duration.ofSeconds(10))))
                .isLessThan(FAILOVER);

        a.dropNothing();
        b.dropNothing();

        ElectedAppliances.pause(Duration.ofSeconds(1)); // one that is just about to take over does so
        Member master = appliances.awaitOneMaster();
        ElectedAppliances.pause(Duration.ofSeconds(1));
        appliances.awaitMaster(master);
    }

    @Test
    @Order(13)
    void ofTwoThatStartAtOnceOneBecomesMaster() {
        assertThat(a.appliance.terminate()).isZero();
        assertThat(b.appliance.terminate()).isZero();
        assertThat(appliances.holders()).isEmpty();

        a.appliance.restart();
        b.appliance.restart();

        Member master = appliances.awaitOneMaster();
        a.awaitRole(master == a ? "master" : "backup");
        b.awaitRole(master == b ? "master" : "backup");
        appliances.awaitMaster(master);
    }
}
