package io.fairlead.kube.mapping;

import static io.fairlead.kube.fixture.ServiceBuilder.aService;
import static io.fairlead.kube.fixture.SliceBuilder.aSlice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.kube.fixture.ServiceBuilder;
import io.fairlead.kube.model.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Services are ours and what their fields mean; the number in a name is that of the case. */
class ServiceCasesTest {

    private static final String CLASS = "fairlead.io/fairlead";
    private static final ServiceFilter CLASSED =
            new ServiceFilter(Optional.of(CLASS), false, Set.of(), LabelSelector.EVERYTHING);
    private static final ServiceFilter DEFAULT =
            new ServiceFilter(Optional.empty(), true, Set.of(), LabelSelector.EVERYTHING);
    private static final ServiceFilter BOTH =
            new ServiceFilter(Optional.of(CLASS), true, Set.of(), LabelSelector.EVERYTHING);

    @ParameterizedTest
    @EnumSource(
            value = Service.Type.class,
            names = {"CLUSTER_IP", "NODE_PORT", "EXTERNAL_NAME"})
    void case47OtherTypesAreNotOurs(Service.Type type) {
        assertThat(DEFAULT.isOurs(aService().type(type).build())).isFalse();
    }

    @Test
    void case48TakesItsClassAndNothingElse() {
        Service classless = aService().build();
        Service ours = aService().ofClass(CLASS).build();
        Service others = aService().ofClass("example.com/other").build();

        assertThat(List.of(CLASSED.isOurs(classless), CLASSED.isOurs(ours), CLASSED.isOurs(others)))
                .containsExactly(false, true, false);
        assertThat(List.of(DEFAULT.isOurs(classless), DEFAULT.isOurs(ours), DEFAULT.isOurs(others)))
                .containsExactly(true, false, false);
        assertThat(List.of(BOTH.isOurs(classless), BOTH.isOurs(ours), BOTH.isOurs(others)))
                .containsExactly(true, true, false);
    }

    @Test
    void doesNotTakeWhatIsBeingDeleted() {
        assertThat(DEFAULT.isOurs(aService().deleting().build())).isFalse();
    }

    @Test
    void takesTheNamespacesAndLabelsThatItWasTold() {
        ServiceFilter filter =
                new ServiceFilter(Optional.empty(), true, Set.of("shop"), LabelSelector.parse("tier=edge,!internal"));

        assertThat(filter.isOurs(aService("shop", "s").label("tier", "edge").build()))
                .isTrue();
        assertThat(filter.isOurs(aService("other", "s").label("tier", "edge").build()))
                .isFalse();
        assertThat(filter.isOurs(aService("shop", "s")
                        .label("tier", "edge")
                        .label("internal", "yes")
                        .build()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web            | true",
                "app==web           | true",
                "app = db           | false",
                "app!=web           | false",
                "other!=web         | true",
                "app in (db, web)   | true",
                "app in (db)        | false",
                "app notin (db)     | true",
                "other notin (web)  | true",
                "app                | true",
                "!app               | false",
                "!other             | true",
                "app=web,tier=edge  | true",
                "app=web,tier=core  | false",
                "example.com/x=y    | false",
            })
    void selectsByLabels(String selector, boolean expected) {
        assertThat(LabelSelector.parse(selector).matches(Map.of("app", "web", "tier", "edge")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "a=b,", ",", "a in b", "a in (b", "a=b=c", "a b", "-a=b", "a=b;c"})
    void refusesWhatIsNoSelector(String text) {
        assertThatThrownBy(() -> LabelSelector.parse(text))
                .hasMessage("\"" + text + "\" (expected: a label selector such as app=web,tier in (a,b))");
    }

    private static ServiceMapping.Mapped map(ServiceBuilder service, String... addresses) {
        return ServiceMapping.map(
                MappingSpec.PODS,
                service.build(),
                List.of(addresses).stream().map(IpAddress::parse).toList(),
                List.of(aSlice("a").ready("198.51.100.1").build()),
                Map.of());
    }

    @Test
    void case51ServesOnlyTheFamiliesOfTheService() {
        assertThat(map(aService(), "203.0.113.1", "2001:db8::1").servers())
                .extracting(server -> server.key().toString())
                .containsExactly("TCP 203.0.113.1:80");
    }

    @Test
    void case53SessionAffinityIsPersistenceOfSingleClients() {
        ServiceBuilder service =
                aService().families(IpFamily.IPV4, IpFamily.IPV6).affinity(Duration.ofMinutes(10));

        assertThat(map(service, "203.0.113.1", "2001:db8::1").servers())
                .extracting(server -> server.persistence().orElseThrow().timeout() + "/"
                        + server.persistence().orElseThrow().prefixLength())
                .containsExactly("PT10M/32", "PT10M/128");
    }

    @Test
    void case56GivesEachFamilyItsOwnRanges() {
        ServiceBuilder service = aService()
                .families(IpFamily.IPV4, IpFamily.IPV6)
                .sourceRange(" 192.0.2.0/24")
                .sourceRange("2001:db8::/32");

        assertThat(map(service, "203.0.113.1", "2001:db8::1").servers())
                .extracting(KubernetesServer::allowedSources)
                .containsExactly(
                        Optional.of(Set.of(IpPrefix.parse("192.0.2.0/24"))),
                        Optional.of(Set.of(IpPrefix.parse("2001:db8::/32"))));
    }

    @Test
    void case57ClosesAFamilyThatNoRangeNames() {
        assertThat(map(aService().sourceRange("2001:db8::/32"), "203.0.113.1").servers())
                .extracting(KubernetesServer::allowedSources)
                .containsExactly(Optional.of(Set.of()));
    }

    @Test
    void masksRangesWithHostBits() {
        assertThat(map(aService().sourceRange("192.0.2.1/24"), "203.0.113.1").servers())
                .extracting(KubernetesServer::allowedSources)
                .containsExactly(Optional.of(Set.of(IpPrefix.parse("192.0.2.0/24"))));
    }

    @Test
    void readsRangesFromTheAnnotationWhereTheFieldIsEmpty() {
        ServiceBuilder service = aService().annotation(SourceRanges.ANNOTATION, "192.0.2.0/24, 198.51.100.0/24");

        assertThat(map(service, "203.0.113.1").servers())
                .extracting(KubernetesServer::allowedSources)
                .containsExactly(
                        Optional.of(Set.of(IpPrefix.parse("192.0.2.0/24"), IpPrefix.parse("198.51.100.0/24"))));
        assertThat(map(service.sourceRange("203.0.113.0/24"), "203.0.113.1").servers())
                .extracting(KubernetesServer::allowedSources)
                .containsExactly(Optional.of(Set.of(IpPrefix.parse("203.0.113.0/24"))));
    }

    @Test
    void doesNotServeWhatItCannotProtect() {
        ServiceMapping.Mapped mapped = map(aService().sourceRange("office"), "203.0.113.1");

        assertThat(mapped.servers()).isEmpty();
        assertThat(mapped.remarks())
                .containsExactly("source range \"office\" (expected: ADDRESS/LENGTH such as 192.0.2.0/24): not served");
    }

    @Test
    void case59NeverBindsExternalIps() {
        assertThat(map(aService().externalIp("198.51.100.9"), "203.0.113.1").servers())
                .extracting(server -> server.key().toString())
                .containsExactly("TCP 203.0.113.1:80");
    }

    @Test
    void case69IgnoresTheTrafficPolicyOfTheClusterForPods() {
        assertThat(map(aService().localTraffic(32000), "203.0.113.1")
                        .servers()
                        .getFirst()
                        .healthCheckNodePort())
                .isZero();
    }

    @Test
    void namesVirtualServersAsNoConfigurationCan() {
        assertThat(map(aService("shop", "web").port("http", 80), "203.0.113.1").servers())
                .extracting(KubernetesServer::name)
                .containsExactly("shop/web:http");
        assertThat(map(aService("shop", "web").port("", 80), "203.0.113.1").servers())
                .extracting(KubernetesServer::name)
                .containsExactly("shop/web");
    }
}
