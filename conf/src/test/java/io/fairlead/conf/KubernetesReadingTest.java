package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.kube.address.AddressPool;
import io.fairlead.kube.address.AddressRange;
import io.fairlead.kube.mapping.KubernetesServer;
import io.fairlead.kube.mapping.LabelSelector;
import io.fairlead.kube.mapping.MappingSpec;
import io.fairlead.kube.mapping.ServiceFilter;
import io.fairlead.kube.mapping.TargetKind;
import io.fairlead.kube.model.ObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesReadingTest {

    private static final String POOL = "address-pools.public.addresses = [\"198.51.100.0/28\"]";

    @TempDir
    Path directory;

    private ConfigOutcome load(String text) throws IOException {
        return ConfigFile.load(Files.writeString(directory.resolve("fairlead.conf"), text));
    }

    private FairleadConfig accepted(String text) throws IOException {
        return Outcomes.accepted(load(text));
    }

    private static KubernetesServer server(TransportProtocol protocol, boolean isByNode, int healthCheckNodePort) {
        return new KubernetesServer(
                "default/web:http",
                new ObjectName("default", "web"),
                new AddressKey(protocol, ServerAddress.parse("198.51.100.1:80")),
                ForwardingMethod.MASQUERADE,
                Optional.empty(),
                Optional.empty(),
                isByNode,
                healthCheckNodePort,
                List.of(new KubernetesServer.Member(ServerAddress.parse("192.0.2.11:30080"), 3)));
    }

    private static List<String> checks(FairleadConfig config, KubernetesServer server) {
        return config.kubernetes().template().configured(server).checks().getFirst().targets().stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void isOffByDefault() throws IOException {
        KubernetesConfig kubernetes = accepted("").kubernetes();

        assertThat(kubernetes.enabled()).isFalse();
        assertThat(kubernetes.kubeconfig()).isEqualTo(Path.of("/etc/fairlead/kubeconfig"));
        assertThat(kubernetes.services())
                .isEqualTo(new ServiceFilter(
                        Optional.of("fairlead.io/fairlead"), false, Set.of(), LabelSelector.EVERYTHING));
        assertThat(kubernetes.mapping()).isEqualTo(MappingSpec.NODES);
        assertThat(kubernetes.pools()).isEmpty();
        assertThat(kubernetes.template().sourceNat()).isTrue();
        assertThat(kubernetes.template().policy().inhibitOnFailure()).isTrue();
    }

    @Test
    void takesWhatIsSet() throws IOException {
        KubernetesConfig kubernetes = accepted("""
            fairlead.kubernetes {
              enabled = true, kubeconfig = /run/kubeconfig, load-balancer-class = example.com/edge
              default-implementation = true, namespaces = [shop], selector = "app in (web,api)"
              target = pods, node-addresses = external, node-check-port = 10256, source-nat = false, zone = za
              defaults { scheduler = mh, forwarding = direct-route, inhibit-on-failure = false }
              address-pools {
                public { addresses = ["198.51.100.1-198.51.100.9", "2001:db8::/120"], automatic = false
                  interface = vip0, dummy = true }
              }
            }
            """).kubernetes();

        assertThat(kubernetes.enabled()).isTrue();
        assertThat(kubernetes.kubeconfig()).isEqualTo(Path.of("/run/kubeconfig"));
        assertThat(kubernetes.services())
                .isEqualTo(new ServiceFilter(
                        Optional.of("example.com/edge"),
                        true,
                        Set.of("shop"),
                        LabelSelector.parse("app in (web,api)")));
        assertThat(kubernetes.mapping())
                .isEqualTo(new MappingSpec(TargetKind.PODS, ForwardingMethod.DIRECT_ROUTE, "za", true));
        assertThat(kubernetes.pools())
                .containsExactly(new KubernetesPool(
                        new AddressPool(
                                "public",
                                List.of(
                                        AddressRange.parse("198.51.100.1-198.51.100.9"),
                                        AddressRange.parse("2001:db8::/120")),
                                false),
                        Optional.of("vip0"),
                        true,
                        Optional.empty()));
        assertThat(kubernetes.template().scheduler()).isEqualTo(new Scheduler("mh"));
        assertThat(kubernetes.template().policy().inhibitOnFailure()).isFalse();
        assertThat(kubernetes.template().nodeCheckPort()).isEqualTo(OptionalInt.of(10256));
    }

    @Test
    void aPoolJoinsAVirtualRouterThatThereIs() throws IOException {
        String text = """
            fairlead {
              kubernetes {
                enabled = true
                address-pools.public { addresses = ["198.51.100.0/28"], virtual-router = %s%s }
              }
              high-availability {
                interface = eth0, bind-address = "192.0.2.1", peers = []
                virtual-routers.outside { id = 51, addresses = ["192.0.2.10"] }
              }
            }
            """;

        FairleadConfig config = accepted(text.formatted("outside", ""));

        assertThat(config.kubernetes().pools().getFirst().virtualRouter()).contains("outside");
        assertThat(config.withRouterAddresses(Map.of(
                                "outside", List.of(IpAddress.parse("198.51.100.1"), IpAddress.parse("192.0.2.10"))))
                        .highAvailability()
                        .orElseThrow()
                        .units()
                        .getFirst()
                        .addresses())
                .containsExactly(
                        new InterfaceAddressKey("eth0", IpAddress.parse("192.0.2.10"), 32),
                        new InterfaceAddressKey("eth0", IpAddress.parse("198.51.100.1"), 32));
        assertThat(((ConfigOutcome.Refused) load(text.formatted("inside", ", interface = eth1")))
                        .report()
                        .toString())
                .contains("\"inside\" (expected: the name of a virtual router of high-availability)")
                .contains("beside virtual-router (expected: one of the two; the router has an interface)");
    }

    @Test
    void tellsEveryMistake() throws IOException {
        ConfigOutcome outcome = load("""
            fairlead.kubernetes {
              namespaces = [Shop], selector = "a in", load-balancer-class = "a b"
              address-pools {
                one { addresses = ["198.51.100.1/28", "198.51.100.4"] }
                two { addresses = ["198.51.100.0/28"], dummy = true }
                three {}
              }
            }
            """);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ConfigOutcome.Refused.class,
                        refused -> assertThat(refused.report())
                                .anyMatch(line -> line.contains("namespaces[0]: \"Shop\" (expected: a namespace)"))
                                .anyMatch(line -> line.contains("selector: \"a in\" (expected: a label selector"))
                                .anyMatch(
                                        line -> line.contains("load-balancer-class: \"a b\" (expected: a name such as"))
                                .anyMatch(line ->
                                        line.contains("one.addresses[0]: \"198.51.100.1/28\" (expected: such as"))
                                .anyMatch(line -> line.contains(
                                        "two.addresses[0]: 198.51.100.0-198.51.100.15 overlaps 198.51.100.4"))
                                .anyMatch(line -> line.contains("two.interface: missing"))
                                .anyMatch(line -> line.contains("three.addresses: missing")));
    }

    @Test
    void needsAPoolWhenEnabled() throws IOException {
        assertThat(load("fairlead.kubernetes.enabled = true"))
                .isInstanceOfSatisfying(
                        ConfigOutcome.Refused.class,
                        refused -> assertThat(refused.report())
                                .singleElement()
                                .asString()
                                .contains("address-pools: missing (expected: at least one pool"));
    }

    @Test
    void asksThePortOnlyInAProtocolThatItSpeaks() throws IOException {
        FairleadConfig config = accepted("");

        assertThat(checks(config, server(TransportProtocol.TCP, true, 0))).containsExactly("tcp 192.0.2.11:30080");
        assertThat(checks(config, server(TransportProtocol.UDP, true, 0))).containsExactly("none 192.0.2.11:30080");
    }

    @Test
    void asksTheNodeBesideTheRealServer() throws IOException {
        FairleadConfig config = accepted("fairlead.kubernetes.node-check-port = 10256");

        assertThat(checks(config, server(TransportProtocol.TCP, true, 0)))
                .containsExactly("tcp 192.0.2.11:30080", "http 192.0.2.11:10256");
        assertThat(checks(config, server(TransportProtocol.UDP, true, 0))).containsExactly("http 192.0.2.11:10256");
        assertThat(checks(config, server(TransportProtocol.TCP, true, 32000)))
                .containsExactly("tcp 192.0.2.11:30080", "http 192.0.2.11:32000");
        assertThat(checks(config, server(TransportProtocol.TCP, false, 0))).containsExactly("tcp 192.0.2.11:30080");
    }

    @Test
    void bothTheNodeAndOurOwnChecksMustAgree() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.defaults { require-checks = any, health-checks { one.type = tcp, two.type = http } }
            """);

        assertThat(config.kubernetes()
                        .template()
                        .configured(server(TransportProtocol.TCP, true, 0))
                        .checks()
                        .getFirst()
                        .require())
                .isEqualTo(CheckRequirement.ANY);
        assertThat(config.kubernetes()
                        .template()
                        .configured(server(TransportProtocol.TCP, true, 32000))
                        .checks()
                        .getFirst()
                        .require())
                .isEqualTo(CheckRequirement.ALL);
    }

    @Test
    void showsWhatIsInEffect() throws IOException {
        FairleadConfig config = accepted("fairlead.kubernetes { enabled = true, zone = za, " + POOL + " }");

        FairleadConfig again = accepted(ConfigRenderer.render(config));

        assertThat(again.kubernetes()).isEqualTo(config.kubernetes());
    }
}
