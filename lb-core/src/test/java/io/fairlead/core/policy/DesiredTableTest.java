package io.fairlead.core.policy;

import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aTable;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static io.fairlead.core.model.Tables.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.Tables.RealServerBuilder;
import io.fairlead.core.model.Tables.VirtualServerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DesiredTableTest {

    private static final String WEB = "192.0.2.10:443";
    private static final String WEB6 = "[2001:db8::10]:443";

    /** A virtual server whose real servers are named a, b, c … */
    private static VirtualServerSpec spec(VirtualServerBuilder virtualServer, RealServerBuilder... realServers) {
        return spec(virtualServer, false, realServers);
    }

    private static VirtualServerSpec spec(
            VirtualServerBuilder virtualServer, boolean inhibitOnFailure, RealServerBuilder... realServers) {
        List<RealServerSpec> specs = new ArrayList<>();
        for (RealServerBuilder realServer : realServers) {
            specs.add(new RealServerSpec(String.valueOf((char) ('a' + specs.size())), realServer.build()));
        }
        return new VirtualServerSpec("web", virtualServer.build(), inhibitOnFailure, specs);
    }

    private static HealthView health(Map<String, Health> byName) {
        return (virtualServer, realServer) -> byName.getOrDefault(realServer.name(), Health.UNKNOWN);
    }

    private static HealthView everything(Health health) {
        return (virtualServer, realServer) -> health;
    }

    private static RealServerBuilder a() {
        return aRealServer("198.51.100.7:80").weight(3).thresholds(100, 50);
    }

    private static RealServerBuilder b() {
        return aRealServer("198.51.100.8:80").weight(2);
    }

    @Nested
    class AHealthyRealServer {

        @Test
        void isInThePoolAsItWasAskedFor() {
            VirtualServerSpec spec = spec(aVirtualServer(WEB).wrr(), a(), b());

            IpvsSnapshot desired = DesiredTable.compute(List.of(spec), everything(Health.HEALTHY), IpvsSnapshot.EMPTY);

            assertThat(desired)
                    .isEqualTo(aTable(aVirtualServer(WEB).wrr().with(a()).with(b())));
        }

        @Test
        void takesItsWeightAgainThoughTheKernelHasItDrained() {
            IpvsSnapshot actual = aTable(aVirtualServer(WEB).with(a().weight(0)));

            IpvsSnapshot desired =
                    DesiredTable.compute(List.of(spec(aVirtualServer(WEB), a())), everything(Health.HEALTHY), actual);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).with(a())));
        }

        @Test
        void isInThePoolWithIpv6Too() {
            RealServerBuilder realServer = aRealServer("[2001:db8:1::7]:80");

            IpvsSnapshot desired = DesiredTable.compute(
                    List.of(spec(aVirtualServer(WEB6), realServer)), everything(Health.HEALTHY), IpvsSnapshot.EMPTY);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB6).with(realServer)));
        }
    }

    @Nested
    class AnUnhealthyRealServer {

        @Test
        void leavesThePoolThoughTheKernelHoldsIt() {
            IpvsSnapshot actual = aTable(aVirtualServer(WEB).with(a()).with(b()));

            IpvsSnapshot desired = DesiredTable.compute(
                    List.of(spec(aVirtualServer(WEB), a(), b())),
                    health(Map.of("a", Health.UNHEALTHY, "b", Health.HEALTHY)),
                    actual);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).with(b())));
        }

        @Test
        void staysWithWeightZeroWhereInhibitOnFailureAsksForIt() {
            IpvsSnapshot desired = DesiredTable.compute(
                    List.of(spec(aVirtualServer(WEB), true, a(), b())),
                    health(Map.of("a", Health.UNHEALTHY, "b", Health.HEALTHY)),
                    IpvsSnapshot.EMPTY);

            assertThat(desired)
                    .isEqualTo(aTable(aVirtualServer(WEB).with(a().weight(0)).with(b())));
        }

        @Test
        void leavesTheVirtualServerInPlaceEvenWhenItWasTheLast() {
            IpvsSnapshot desired = DesiredTable.compute(
                    List.of(spec(aVirtualServer(WEB6), aRealServer("[2001:db8:1::7]:80"))),
                    everything(Health.UNHEALTHY),
                    IpvsSnapshot.EMPTY);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB6)));
        }
    }

    @Nested
    class ARealServerWithoutVerdict {

        @Test
        void waitsForItsFirstCheckWhereTheKernelDoesNotHoldIt() {
            IpvsSnapshot actual = aTable(aVirtualServer(WEB).with(b()));

            IpvsSnapshot desired = DesiredTable.compute(
                    List.of(spec(aVirtualServer(WEB), a(), b())), everything(Health.UNKNOWN), actual);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).with(b())));
        }

        @Test
        void waitsForItsFirstCheckWhereOnlyAnotherVirtualServerHoldsIt() {
            IpvsSnapshot actual = aTable(aVirtualServer("192.0.2.11:443").with(a()));

            IpvsSnapshot desired =
                    DesiredTable.compute(List.of(spec(aVirtualServer(WEB), a())), everything(Health.UNKNOWN), actual);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB)));
        }

        @Test
        void staysAsItWasAskedForWhereTheKernelHoldsIt() {
            IpvsSnapshot actual = aTable(aVirtualServer(WEB).with(a().weight(1).thresholds(0, 0)));

            IpvsSnapshot desired =
                    DesiredTable.compute(List.of(spec(aVirtualServer(WEB), a())), everything(Health.UNKNOWN), actual);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).with(a())));
        }

        @Test
        void staysDrainedWhereTheKernelHoldsItDrained() {
            IpvsSnapshot actual = aTable(aVirtualServer(WEB).with(a().weight(0).thresholds(0, 0)));

            IpvsSnapshot desired =
                    DesiredTable.compute(List.of(spec(aVirtualServer(WEB), a())), everything(Health.UNKNOWN), actual);

            assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).with(a().weight(0))));
        }
    }

    @Test
    void whatNobodyAskedForIsNotWanted() {
        IpvsSnapshot actual = aTable(
                aVirtualServer(WEB).with(aRealServer("198.51.100.99:80")),
                aVirtualServer("192.0.2.11:443").with(a()));

        IpvsSnapshot desired =
                DesiredTable.compute(List.of(spec(aVirtualServer(WEB), a())), everything(Health.HEALTHY), actual);

        assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).with(a())));
    }

    @Test
    void attributesOfTheVirtualServerAreThoseAskedForWhateverTheKernelHolds() {
        IpvsSnapshot actual = aTable(aVirtualServer(WEB).scheduler("sh"));

        IpvsSnapshot desired =
                DesiredTable.compute(List.of(spec(aVirtualServer(WEB).wrr())), everything(Health.HEALTHY), actual);

        assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).wrr()));
    }

    @Test
    void theHealthOfTheSameRealServerIsAskedForEachVirtualServer() {
        HealthView healthyForIpv4Only =
                (virtualServer, realServer) -> virtualServer.key().equals(tcp(WEB)) ? Health.HEALTHY : Health.UNHEALTHY;

        IpvsSnapshot desired = DesiredTable.compute(
                List.of(spec(aVirtualServer(WEB), a()), spec(aVirtualServer("192.0.2.11:443"), a())),
                healthyForIpv4Only,
                IpvsSnapshot.EMPTY);

        assertThat(desired).isEqualTo(aTable(aVirtualServer(WEB).with(a()), aVirtualServer("192.0.2.11:443")));
    }
}
