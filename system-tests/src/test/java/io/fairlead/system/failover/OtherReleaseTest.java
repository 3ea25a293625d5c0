package io.fairlead.system.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.system.failover.ElectedAppliances.Member;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.PingGap;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A pair is taken from one release to another, one appliance after the other, and back. The class path of the other release is in
 * {@code -Dfairlead.other-release}; {@code ./verify upgrade COMMIT} makes it.
 */
@Tag("upgrade")
class OtherReleaseTest {

    private static final String PRESENT = System.getProperty("java.class.path");

    /** Less than the silence after which a master is given up, with the interval of these appliances. */
    private static final Duration GAP_MAX = Duration.ofMillis(600);

    @BeforeAll
    static void thereIsAnotherRelease() {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        assertThat(System.getProperty("fairlead.other-release"))
                .as("./verify upgrade COMMIT says where it is")
                .isNotNull();
    }

    private static String other() {
        return System.getProperty("fairlead.other-release");
    }

    @Test
    void anUpgradeMissesNobody() {
        roll(other(), PRESENT);
    }

    @Test
    void aDowngradeMissesNobody() {
        roll(PRESENT, other());
    }

    private static void roll(String from, String to) {
        try (ElectedAppliances appliances = new ElectedAppliances(2)) {
            Member better = appliances.start("priority = 150, preempt-delay = 0s");
            Member worse = appliances.start("priority = 100, preempt-delay = 0s");
            for (Member member : List.of(better, worse)) {
                awaitGroup(appliances, better, worse);
                replace(member, from);
            }
            awaitGroup(appliances, better, worse);
            appliances.awaitMaster(better);
            worse.awaitRole("backup");
            long silences = silences(better) + silences(worse);

            try (PingGap client = PingGap.start(appliances.client, ElectedAppliances.VIP, Duration.ofMillis(10))) {
                replace(worse, to);
                awaitEachOther(appliances, better, worse);
                awaitGroup(appliances, better, worse);
                appliances.awaitMaster(better);

                replace(better, to); // hands over as it stops, and is asked back as the better one
                appliances.awaitMaster(better);
                awaitEachOther(appliances, better, worse);
                assertThat(client.longest()).isLessThan(GAP_MAX);
            }
            assertThat(silences(better) + silences(worse))
                    .as(
                            "takeovers that nothing called for:\n%s\n%s",
                            better.appliance.events(), worse.appliance.events())
                    .isEqualTo(silences);
        }
    }

    private static void replace(Member member, String classPath) {
        assertThat(member.appliance.terminate()).isZero();
        member.appliance.restart(classPath);
    }

    private static void awaitEachOther(ElectedAppliances appliances, Member better, Member worse) {
        appliances.await(
                "they hear each other",
                () -> better.roleOfPeer().equals("backup") && worse.roleOfPeer().equals("master"));
        worse.awaitRole("backup");
    }

    /** An older release may not end when it is stopped while it joins. */
    private static void awaitGroup(ElectedAppliances appliances, Member... members) {
        appliances.await(
                "they share what they know",
                () -> Arrays.stream(members).allMatch(member -> member.group().size() == 1));
    }

    private static long silences(Member member) {
        return member.appliance.events().stream()
                .filter(event -> event.cause().equals("master silent"))
                .count();
    }
}
