package io.fairlead.kube.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.kube.model.ClusterObject;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.Node;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {

    private static final String SERVICE = """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop","uid":"u1",
         "creationTimestamp":"2026-01-02T03:04:05Z","annotations":{"note":"x","metallb.io/address-pool":"public"}},
         "spec":{"type":"LoadBalancer","clusterIP":"192.0.2.1","clusterIPs":["192.0.2.1"],
         "ports":[{"name":"http","port":80,"nodePort":30080,"targetPort":"http","appProtocol":"h2c"}]},
         "status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.1","ipMode":"Proxy"},{"hostname":"lb.example"}]}}}
        """;

    private static List<ClusterObject> read(String text) throws IOException {
        return ManifestReader.read(new StringReader(text));
    }

    @Test
    void readsObjectsOneAfterTheOther() throws IOException {
        assertThat(read(SERVICE + SERVICE)).hasSize(2).first().isInstanceOfSatisfying(Service.class, service -> {
            assertThat(service.name()).hasToString("shop/web");
            assertThat(service.metadata().created()).isEqualTo("2026-01-02T03:04:05Z");
            assertThat(service.metadata().annotations()).containsOnlyKeys("metallb.io/address-pool");
            assertThat(service.ingress())
                    .containsExactly(new Service.Ingress("203.0.113.1", "Proxy"), new Service.Ingress("", ""));
        });
    }

    @Test
    void readsListsAndPassesOverOtherKinds() throws IOException {
        assertThat(read("{\"apiVersion\":\"v1\",\"items\":[" + SERVICE
                        + ",{\"kind\":\"Pod\",\"metadata\":{}}],\"kind\":\"List\"}"))
                .hasSize(1);
    }

    @Test
    void readsListsOfOneKindWhoseItemsDoNotSayIt() throws IOException {
        String item = SERVICE.replace("\"kind\":\"Service\",", "");

        assertThat(read("{\"kind\":\"ServiceList\",\"items\":[" + item + "]}")).hasSize(1);
    }

    @Test
    void readsYamlDocuments() throws IOException {
        assertThat(read("""
            apiVersion: v1
            kind: Node
            metadata:
              name: n1
              creationTimestamp: 2026-01-02T03:04:05Z
            status:
              addresses:
              - {type: InternalIP, address: 192.0.2.11}
              - {type: Hostname, address: n1}
            ---
            # nothing
            ---
            kind: EndpointSlice
            addressType: IPv4
            metadata: {name: web-abc, namespace: shop, labels: {kubernetes.io/service-name: web}}
            ports: [{name: http, port: 8080}]
            endpoints:
            - addresses: [198.51.100.1]
              conditions: {ready: yes}
            """))
                .satisfiesExactly(
                        node -> assertThat(node)
                                .isInstanceOfSatisfying(
                                        Node.class,
                                        found -> assertThat(found.internal()).hasToString("[192.0.2.11]")),
                        slice -> assertThat(slice)
                                .isInstanceOfSatisfying(
                                        EndpointSlice.class,
                                        found -> assertThat(found.endpoints()).hasSize(1)));
    }

    @Test
    void case28GivesASliceWithoutServiceToNobody() throws IOException {
        assertThat(read("{\"kind\":\"EndpointSlice\",\"addressType\":\"IPv4\",\"metadata\":{\"name\":\"a\"}}"))
                .singleElement()
                .isInstanceOfSatisfying(
                        EndpointSlice.class,
                        slice -> assertThat(slice.service()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"'',false", "true,false", "foo,false", "1,false", "false,true", "False,true", "0,true"})
    void case99ReadsTheLabelThatExcludesANode(String value, boolean eligible) throws IOException {
        assertThat(read("""
            {"kind":"Node","metadata":{"name":"n1",
             "labels":{"node.kubernetes.io/exclude-from-external-load-balancers":"%s"}}}
            """.formatted(value)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Node.class, node -> assertThat(node.eligible()).isEqualTo(eligible));
    }

    @Test
    void case100And102KeepANodeThatIsNotReadyOrCordoned() throws IOException {
        assertThat(read("""
            {"kind":"Node","metadata":{"name":"n1"},
             "spec":{"unschedulable":true,"taints":[{"key":"node.kubernetes.io/unreachable","effect":"NoExecute"}]},
             "status":{"conditions":[{"type":"Ready","status":"False"}]}}
            """))
                .singleElement()
                .isInstanceOfSatisfying(
                        Node.class, node -> assertThat(node.eligible()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"n1\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"},\"spec\":{}",
                "{\"name\":\"n1\"},\"spec\":{\"taints\":[{\"key\":\"ToBeDeletedByClusterAutoscaler\"}]}",
            })
    void case101ANodeThatLeavesIsNotEligible(String metadataAndSpec) throws IOException {
        assertThat(read("{\"kind\":\"Node\",\"metadata\":" + metadataAndSpec + "}"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Node.class, node -> assertThat(node.eligible()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[1]",
                "hello",
                "{\"kind\":\"Service\"}",
                "{\"kind\":\"Service\",\"metadata\":[]}",
                "{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"ports\":[{\"port\":\"x\"}]}}",
                "{\"kind\":\"EndpointSlice\",\"metadata\":{\"name\":\"a\"},\"endpoints\":{}}",
                "{\"metadata\":{}}",
                "a: [",
                "a: *b",
            })
    void refusesWhatIsBrokenAsSuch(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(MalformedObjectException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void takesAnyDamageAsSuch(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder damaged = new StringBuilder(SERVICE);
            for (int i = 0; i <= random.nextInt(4); i++) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(3)) {
                    case 0 -> damaged.setLength(at + 1);
                    case 1 -> damaged.deleteCharAt(at);
                    default -> damaged.setCharAt(at, "{}[],:\"0nt-".charAt(random.nextInt(11)));
                }
                if (damaged.isEmpty()) {
                    break;
                }
            }
            try {
                read(damaged.toString());
            } catch (MalformedObjectException e) {
                assertThat(e).hasMessageNotContaining("null pointer");
            }
        }
    }
}
