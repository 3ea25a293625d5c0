package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.kube.address.AddressAssignment;
import io.fairlead.kube.mapping.KubernetesServer;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.Metadata;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesServersTest {

    private static final ObjectName WEB = new ObjectName("default", "web");

    @TempDir
    Path directory;

    private List<ConfiguredVirtualServer> configured(String text) throws IOException {
        return ((ConfigOutcome.Accepted) ConfigFile.load(Files.writeString(directory.resolve("f.conf"), text)))
                .config()
                .virtualServers();
    }

    private static KubernetesServer server(String name, String address) {
        return new KubernetesServer(
                name,
                new ObjectName("default", "web"),
                new AddressKey(TransportProtocol.TCP, ServerAddress.parse(address)),
                ForwardingMethod.MASQUERADE,
                Optional.empty(),
                Optional.empty(),
                false,
                0,
                List.of());
    }

    private static SortedMap<ObjectName, MappedService> services(KubernetesServer... servers) {
        Metadata metadata = new Metadata(WEB, "", "", "", false, List.of(), Map.of(), Map.of());
        Service service = new Service(
                metadata,
                new Service.Spec(
                        Service.Type.LOAD_BALANCER,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Service.FamilyPolicy.SINGLE_STACK,
                        List.of(),
                        List.of(),
                        false,
                        0,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Map.of()),
                List.of());
        SortedMap<ObjectName, MappedService> services = new TreeMap<>();
        services.put(
                WEB,
                new MappedService(service, new AddressAssignment.Assigned(List.of(), ""), List.of(servers), List.of()));
        return services;
    }

    private static KubernetesServers of(KubernetesServer... servers) {
        return KubernetesServers.of(KubernetesTemplate.UNCHECKED, services(servers));
    }

    private static List<String> names(KubernetesServers.Merged merged) {
        return merged.virtualServers().stream()
                .map(server -> server.spec().name())
                .toList();
    }

    @Test
    void standsBesideTheConfigurationInTheOrderOfNames() throws IOException {
        List<ConfiguredVirtualServer> configured = configured("""
            fairlead.virtual-servers {
              a { address = 192.0.2.1, port = 80 }, z { address = 192.0.2.1, port = 81 }
            }
            """);

        KubernetesServers.Merged merged = of(
                        server("default/web:b", "198.51.100.1:443"), server("default/web:a", "198.51.100.1:80"))
                .beside(configured);

        assertThat(names(merged)).containsExactly("a", "default/web:a", "default/web:b", "z");
        assertThat(merged.conflicts()).isEmpty();
    }

    @Test
    void hashingSchedulersSendTheClientsOfADrainingEndpointElsewhere() {
        assertThat(flags("mh")).containsExactly(SchedulerFlag.MH_FALLBACK);
        assertThat(flags("sh")).containsExactly(SchedulerFlag.SH_FALLBACK);
        assertThat(flags("wlc")).isEmpty();
    }

    private static Set<SchedulerFlag> flags(String scheduler) {
        KubernetesTemplate plain = KubernetesTemplate.UNCHECKED;
        KubernetesTemplate template = new KubernetesTemplate(
                new Scheduler(scheduler),
                plain.policy(),
                plain.checks(),
                plain.require(),
                plain.common(),
                plain.sourceNat(),
                plain.nodeCheckPort());
        return template.configured(server("default/web:a", "198.51.100.1:80"))
                .spec()
                .virtualServer()
                .schedulerFlags();
    }

    @Test
    void theConfigurationWins() throws IOException {
        List<ConfiguredVirtualServer> configured = configured("""
            fairlead.virtual-servers {
              web { address = 198.51.100.1, port = 80 }
              many { address = 198.51.100.1, ports = ["8000-8099"] }
            }
            """);

        KubernetesServers.Merged merged = of(
                        server("default/web:a", "198.51.100.1:80"), server("default/web:b", "198.51.100.1:8080"))
                .beside(configured);

        assertThat(names(merged)).containsExactly("many", "web");
        assertThat(merged.conflicts())
                .containsExactly(
                        "default/web:a: TCP 198.51.100.1:80 is taken by web of the configuration, which wins",
                        "default/web:b: TCP 198.51.100.1:8080 is taken by a range of ports of the configuration, which"
                                + " wins");
    }

    @Test
    void keepsTheObjectsThatDoNotChange() {
        ObjectName zoo = new ObjectName("default", "zoo");
        SortedMap<ObjectName, MappedService> two = services(server("default/web:a", "198.51.100.1:80"));
        two.put(zoo, services(server("default/zoo:a", "198.51.100.2:80")).get(WEB));
        KubernetesServers before = KubernetesServers.of(KubernetesTemplate.UNCHECKED, two);
        two.put(WEB, services(server("default/web:a", "198.51.100.1:443")).get(WEB));

        KubernetesServers changed = before.changedTo(KubernetesTemplate.UNCHECKED, two, Set.of(WEB));
        two.remove(WEB);
        KubernetesServers removed = changed.changedTo(KubernetesTemplate.UNCHECKED, two, Set.of(WEB));

        ConfiguredVirtualServer stays =
                before.beside(List.of()).virtualServers().getLast();
        assertThat(names(changed.beside(List.of()))).containsExactly("default/web:a", "default/zoo:a");
        assertThat(changed.beside(List.of()).virtualServers().getFirst().spec().key())
                .hasToString("TCP 198.51.100.1:443");
        assertThat(changed.beside(List.of()).virtualServers().getLast()).isSameAs(stays);
        assertThat(removed.beside(List.of()).virtualServers()).containsExactly(stays);
    }
}
