package io.fairlead.appliance.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.MemberState.Serving;
import io.fairlead.core.policy.PoolPolicy;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.ha.shared.HealthClaim.Health;
import io.fairlead.ha.shared.HealthClaims;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TcpProbeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MasterRampsTest {

    private static final PeerId MASTER = new PeerId("192.0.2.2");
    private static final RealServerName WEB_1 = new RealServerName("web", "web-1");
    private static final long SECOND = 1_000_000_000L;

    private static ConfiguredVirtualServer web(Duration slowStart) {
        ServerAddress address = ServerAddress.parse("198.51.100.1:80");
        VirtualServerKey key =
                new VirtualServerKey.AddressKey(TransportProtocol.TCP, ServerAddress.parse("192.0.2.10:80"));
        RealServer realServer =
                new RealServer(new RealServerKey(address), ForwardingMethod.MASQUERADE, 10, ConnectionThresholds.NONE);
        CheckSpec check = new CheckSpec(new TcpProbeSpec(), Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);
        return new ConfiguredVirtualServer(
                new VirtualServerSpec(
                        "web",
                        new VirtualServer(key, Scheduler.WEIGHTED_ROUND_ROBIN, Set.of(), Optional.empty(), false),
                        PoolPolicy.PLAIN.withSlowStart(slowStart),
                        List.of(new RealServerSpec("web-1", realServer))),
                List.of(CheckSet.of(new CheckTarget(address, check))));
    }

    private static HealthClaims says(Health health, OptionalLong started) {
        return HealthClaims.NONE.withAll(MASTER, Map.of("web/web-1", new HealthClaim(health, 5 * SECOND, started)));
    }

    private static Map<RealServerName, Serving> ramps(
            Duration slowStart, HealthClaims claims, Optional<PeerId> master, Map<RealServerName, Serving> before) {
        return MasterRamps.of(List.of(web(slowStart)), claims, _ -> master, before);
    }

    private static Map<RealServerName, Serving> ramps(HealthClaims claims) {
        return ramps(Duration.ofSeconds(30), claims, Optional.of(MASTER), Map.of());
    }

    private static Serving since(long nanos) {
        return new Serving(Optional.of(new MonotonicInstant(nanos)));
    }

    @Test
    void areWhereTheMasterSaysThatARealServerServes() {
        assertThat(ramps(says(Health.HEALTHY, OptionalLong.of(7 * SECOND))))
                .isEqualTo(Map.of(WEB_1, since(7 * SECOND)));
        assertThat(ramps(says(Health.HEALTHY, OptionalLong.empty())))
                .isEqualTo(Map.of(WEB_1, new Serving(Optional.empty())));
        assertThat(ramps(says(Health.UNHEALTHY, OptionalLong.empty()))).isEmpty();
        assertThat(ramps(says(Health.UNKNOWN, OptionalLong.empty()))).isEmpty();
        assertThat(ramps(HealthClaims.NONE)).isEmpty();
    }

    @Test
    void areNoneWhereThisApplianceIsMasterOrNothingStartsSlowly() {
        HealthClaims claims = says(Health.HEALTHY, OptionalLong.of(7 * SECOND));

        assertThat(ramps(Duration.ofSeconds(30), claims, Optional.empty(), Map.of()))
                .isEmpty();
        assertThat(ramps(Duration.ZERO, claims, Optional.of(MASTER), Map.of())).isEmpty();
        assertThat(ramps(Duration.ofSeconds(30), claims, Optional.of(new PeerId("192.0.2.3")), Map.of()))
                .as("another peer's word does not count")
                .isEmpty();
    }

    @Test
    void stayAsTheyWereWhereOnlyTheMessageTookAnotherTime() {
        Map<RealServerName, Serving> before = Map.of(WEB_1, since(7 * SECOND));

        assertThat(ramps(
                        Duration.ofSeconds(30),
                        says(Health.HEALTHY, OptionalLong.of(7 * SECOND + SECOND / 5)),
                        Optional.of(MASTER),
                        before))
                .isEqualTo(before);
        assertThat(ramps(
                        Duration.ofSeconds(30),
                        says(Health.HEALTHY, OptionalLong.of(9 * SECOND)),
                        Optional.of(MASTER),
                        before))
                .isEqualTo(Map.of(WEB_1, since(9 * SECOND)));
    }
}
