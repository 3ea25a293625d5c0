package io.fairlead.kube.mapping;

import static io.fairlead.kube.fixture.ServiceBuilder.aService;
import static io.fairlead.kube.fixture.SliceBuilder.aSlice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.kube.fixture.SliceBuilder;
import io.fairlead.kube.json.ManifestReader;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conditions, slices and hints, pods as real servers. The number in a name is the case's in the list of cases that a new
 * implementation should pass; those that kube-proxy's own code answered are in {@link KubeProxyAnswersTest}.
 */
class EndpointCasesTest {

    private static final IpAddress VIP = IpAddress.parse("203.0.113.1");
    private static final IpAddress VIP6 = IpAddress.parse("2001:db8::1");

    private static List<String> backendsIn(String zone, Service service, EndpointSlice... slices) {
        return ServiceMapping.map(MappingSpec.PODS.inZone(zone), service, List.of(VIP, VIP6), List.of(slices), Map.of())
                .servers()
                .stream()
                .flatMap(server -> server.realServers().stream()
                        .map(member -> server.key().address().port() + "/"
                                + server.key().protocol() + " " + member.address()))
                .toList();
    }

    private static List<String> backends(EndpointSlice... slices) {
        return backendsIn("", aService().build(), slices);
    }

    @Nested
    class Conditions {

        @Test
        void case11UsesReadyEndpointsOfEveryNode() {
            EndpointSlice slice = aSlice("a")
                    .endpoint("198.51.100.1", "T/T/F", "n1")
                    .endpoint("198.51.100.2", "T/T/F", "n1")
                    .endpoint("198.51.100.3", "F/T/T", "n1")
                    .endpoint("198.51.100.4", "F/F/T", "n1")
                    .endpoint("198.51.100.5", "T/T/F", "n2")
                    .build();

            assertThat(backends(slice))
                    .containsExactly("80/TCP 198.51.100.1:80", "80/TCP 198.51.100.2:80", "80/TCP 198.51.100.5:80");
        }

        @Test
        void case12UsesThoseThatEndButServeWhenNoneIsReady() {
            EndpointSlice slice = aSlice("a")
                    .endpoint("198.51.100.2", "F/T/T", "n1")
                    .endpoint("198.51.100.3", "F/T/T", "n1")
                    .endpoint("198.51.100.4", "F/F/T", "n1")
                    .endpoint("198.51.100.5", "F/T/T", "n2")
                    .build();

            assertThat(backends(slice))
                    .containsExactly("80/TCP 198.51.100.2:80", "80/TCP 198.51.100.3:80", "80/TCP 198.51.100.5:80");
        }

        @Test
        void case13UsesOneThatEndsOnAnotherNode() {
            assertThat(backends(
                            aSlice("a").endpoint("198.51.100.5", "F/T/T", "n2").build()))
                    .containsExactly("80/TCP 198.51.100.5:80");
        }

        @Test
        void case89KeepsOneThatEndsButServesWithoutAnythingNewOverUdpAlone() {
            Service udp = aService().port("p", TransportProtocol.UDP, 53, 30053).build();
            SliceBuilder slice = aSlice("a")
                    .endpoint("198.51.100.1", "F/T/T", "n1")
                    .endpoint("198.51.100.2", "T/T/F", "n1")
                    .endpoint("198.51.100.3", "F/F/T", "n1");

            assertThat(ServiceMapping.map(
                                    MappingSpec.PODS,
                                    udp,
                                    List.of(VIP),
                                    List.of(slice.port("p", TransportProtocol.UDP, 53)
                                            .build()),
                                    Map.of())
                            .servers()
                            .getFirst()
                            .realServers())
                    .extracting(member -> member.address() + " weight " + member.weight())
                    .containsExactly("198.51.100.1:53 weight 0", "198.51.100.2:53 weight 1");
        }

        @Test
        void case14KeepsTheVirtualServerOfAServiceWithoutSlices() {
            ServiceMapping.Mapped mapped =
                    ServiceMapping.map(MappingSpec.PODS, aService().build(), List.of(VIP), List.of(), Map.of());

            assertThat(mapped.servers()).singleElement().satisfies(server -> {
                assertThat(server.key()).hasToString("TCP 203.0.113.1:80");
                assertThat(server.realServers()).isEmpty();
            });
        }
    }

    /** A condition that is not there counts as ready and serving, and as not terminating. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"ready\": true'                     | true",
                "'\"serving\": true'                   | true",
                "'\"ready\": true, \"serving\": false' | true",
                "''                                    | true",
                "'\"serving\": false'                  | true",
                "'\"ready\": false'                    | false",
            })
    void case117ReadyAloneDecidesWhetherAnEndpointServes(String conditions, boolean serves) throws IOException {
        EndpointSlice slice = (EndpointSlice)
                ManifestReader.read(new StringReader("""
                    {"kind": "EndpointSlice", "metadata": {"namespace": "ns", "name": "a",
                      "labels": {"kubernetes.io/service-name": "s"}},
                     "addressType": "IPv4", "ports": [{"name": "p", "port": 80}],
                     "endpoints": [{"addresses": ["198.51.100.1"], "conditions": {%s}}]}
                    """.formatted(conditions))).getFirst();

        assertThat(backends(slice)).hasSize(serves ? 1 : 0);
    }

    @Nested
    class Slices {

        @Test
        void case16PrefersTheReadyOneInEitherOrder() {
            SliceBuilder ending = aSlice("a").endpoint("198.51.100.1", "F/T/T", "n1");
            SliceBuilder ready = aSlice("b").endpoint("198.51.100.1", "T/T/F", "n1");

            assertThat(backends(ending.build(), ready.build())).containsExactly("80/TCP 198.51.100.1:80");
            assertThat(backends(ready.build(), ending.build())).containsExactly("80/TCP 198.51.100.1:80");
        }

        @Test
        void case17PrefersTheReadyOneOfThreeEntriesInOneSlice() {
            EndpointSlice slice = aSlice("a")
                    .endpoint("198.51.100.1", "F/T/T", "n1")
                    .endpoint("198.51.100.1", "T/T/F", "n1")
                    .endpoint("198.51.100.1", "F/F/T", "n1")
                    .endpoint("198.51.100.2", "F/T/T", "n1")
                    .build();

            assertThat(backends(slice)).containsExactly("80/TCP 198.51.100.1:80");
        }

        @Test
        void case119AnAddressServesOfWhichOneEntryIsReadyInEitherOrder() {
            SliceBuilder notReady = aSlice("a").endpoint("198.51.100.1", "F/F/F", "n1");
            SliceBuilder ready = aSlice("b").endpoint("198.51.100.1", "T/T/F", "n1");

            assertThat(backends(notReady.build(), ready.build())).containsExactly("80/TCP 198.51.100.1:80");
            assertThat(backends(aSlice("a")
                            .endpoint("198.51.100.1", "T/T/F", "n1")
                            .endpoint("198.51.100.1", "F/F/F", "n1")
                            .build()))
                    .containsExactly("80/TCP 198.51.100.1:80");
        }

        @Test
        void case18And19UseTheNumberThatEachSliceHasForTheName() {
            assertThat(backends(
                            aSlice("a").port("p", 8080).ready("198.51.100.1").build(),
                            aSlice("b")
                                    .port("p", 9090)
                                    .ready("198.51.100.1", "198.51.100.2")
                                    .build()))
                    .containsExactly(
                            "80/TCP 198.51.100.1:8080", "80/TCP 198.51.100.1:9090", "80/TCP 198.51.100.2:9090");
        }

        @Test
        void case24PassesOverAPortWithoutNumber() {
            assertThat(backends(aSlice("a").port("p", 0).ready("198.51.100.1").build()))
                    .isEmpty();
        }

        @Test
        void case26And27TakeTheSlicesOfTheFamilyAlone() {
            assertThat(backends(
                            aSlice("a").ready("198.51.100.1").build(),
                            aSlice("b").fqdn().build(),
                            aSlice("c")
                                    .family(IpFamily.IPV6)
                                    .ready("2001:db8::1")
                                    .build()))
                    .containsExactly("80/TCP 198.51.100.1:80");
        }

        @Test
        void case32MakesOneVirtualServerOfEachPort() {
            Service service = aService().port("p", 80).port("q", 443).build();
            EndpointSlice slice = aSlice("a")
                    .port("p", 80)
                    .port("q", 443)
                    .ready("198.51.100.1", "198.51.100.2", "198.51.100.3")
                    .build();

            assertThat(backendsIn("", service, slice))
                    .containsExactly(
                            "80/TCP 198.51.100.1:80",
                            "80/TCP 198.51.100.2:80",
                            "80/TCP 198.51.100.3:80",
                            "443/TCP 198.51.100.1:443",
                            "443/TCP 198.51.100.2:443",
                            "443/TCP 198.51.100.3:443");
        }

        @Test
        void case33GivesTheSameForAnotherOrder() {
            assertThat(backends(aSlice("a")
                            .port("q", 81)
                            .port("p", 80)
                            .ready("198.51.100.2", "198.51.100.1")
                            .build()))
                    .isEqualTo(backends(aSlice("a")
                            .port("p", 80)
                            .port("q", 81)
                            .ready("198.51.100.1", "198.51.100.2")
                            .build()));
        }

        @Test
        void case38UnitesAllSlices() {
            EndpointSlice[] slices = IntStream.range(0, 3)
                    .mapToObj(slice -> aSlice("slice-" + slice)
                            .ready(IntStream.range(0, slice == 2 ? 50 : 100)
                                    .mapToObj(index -> "198.51." + (100 + slice) + "." + index)
                                    .toArray(String[]::new))
                            .build())
                    .toArray(EndpointSlice[]::new);

            assertThat(backends(slices)).hasSize(250).doesNotHaveDuplicates();
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
        void givesTheSameWhateverTheOrderOfSlices(long seed) {
            Random random = new Random(seed);
            List<EndpointSlice> slices = new ArrayList<>();
            for (int slice = 0; slice < 5; slice++) {
                SliceBuilder builder = aSlice("slice-" + slice);
                for (int endpoint = 0; endpoint < 6; endpoint++) {
                    builder.endpoint(
                            "198.51.100." + random.nextInt(8),
                            "%s/%s/%s".formatted(flag(random), flag(random), flag(random)),
                            "n" + random.nextInt(3),
                            random.nextBoolean() ? new String[] {"z" + random.nextInt(2)} : new String[0]);
                }
                slices.add(builder.build());
            }
            List<String> expected = backendsIn("z0", aService().build(), slices.toArray(EndpointSlice[]::new));

            Collections.shuffle(slices, random);

            assertThat(backendsIn("z0", aService().build(), slices.toArray(EndpointSlice[]::new)))
                    .isEqualTo(expected);
        }

        private static String flag(Random random) {
            return random.nextBoolean() ? "T" : "F";
        }
    }

    @Nested
    class Hints {

        @Test
        void case43TakesAllWhenNoReadyOneIsInOurZone() {
            EndpointSlice slice = aSlice("a")
                    .endpoint("198.51.100.1", "F/T/F", "n1", "za")
                    .endpoint("198.51.100.2", "T/T/F", "n1", "zb")
                    .endpoint("198.51.100.3", "T/T/F", "n1", "zc")
                    .build();

            assertThat(backendsIn("za", aService().build(), slice))
                    .containsExactly("80/TCP 198.51.100.2:80", "80/TCP 198.51.100.3:80");
        }

        @Test
        void case44TakesThoseWithSeveralHintsOfWhichOneIsOurs() {
            EndpointSlice slice = aSlice("a")
                    .endpoint("198.51.100.1", "T/T/F", "n1", "za", "zb", "zc")
                    .endpoint("198.51.100.2", "T/T/F", "n1", "zb", "zc")
                    .endpoint("198.51.100.3", "T/T/F", "n1", "zb", "zd")
                    .endpoint("198.51.100.4", "T/T/F", "n1", "zc")
                    .build();

            assertThat(backendsIn("zc", aService().build(), slice))
                    .containsExactly("80/TCP 198.51.100.1:80", "80/TCP 198.51.100.2:80", "80/TCP 198.51.100.4:80");
        }

        @Test
        void case45TakesAllWithoutAZoneOfOurOwn() {
            EndpointSlice slice = aSlice("a")
                    .endpoint("198.51.100.1", "T/T/F", "n1", "za")
                    .endpoint("198.51.100.2", "T/T/F", "n1", "zb")
                    .build();

            assertThat(backendsIn("", aService().build(), slice)).hasSize(2);
        }

        @Test
        void doesNotApplyThemToThoseThatEnd() {
            EndpointSlice slice = aSlice("a")
                    .endpoint("198.51.100.1", "F/T/T", "n1", "za")
                    .endpoint("198.51.100.2", "F/T/T", "n1", "zb")
                    .build();

            assertThat(backendsIn("za", aService().build(), slice)).hasSize(2);
        }
    }

    @Test
    void case50GivesEachFamilyItsOwnSlices() {
        EndpointSlice four = aSlice("a").ready("198.51.100.1").build();
        EndpointSlice six =
                aSlice("b").family(IpFamily.IPV6).ready("2001:db8:1::1").build();

        for (IpFamily[] order : new IpFamily[][] {{IpFamily.IPV4, IpFamily.IPV6}, {IpFamily.IPV6, IpFamily.IPV4}}) {
            assertThat(backendsIn("", aService().families(order).build(), four, six))
                    .containsExactly("80/TCP 198.51.100.1:80", "80/TCP [2001:db8:1::1]:80");
        }
    }

    @Test
    void case60MakesAVirtualServerOfEachProtocol() {
        Service service = aService()
                .port("t", TransportProtocol.TCP, 53, 30053)
                .port("u", TransportProtocol.UDP, 53, 30053)
                .port("s", TransportProtocol.SCTP, 53, 30053)
                .build();
        EndpointSlice slice = aSlice("a")
                .port("t", TransportProtocol.TCP, 53)
                .port("u", TransportProtocol.UDP, 53)
                .port("s", TransportProtocol.SCTP, 53)
                .ready("198.51.100.1")
                .build();

        assertThat(backendsIn("", service, slice))
                .containsExactly("53/TCP 198.51.100.1:53", "53/UDP 198.51.100.1:53", "53/SCTP 198.51.100.1:53");
    }
}
