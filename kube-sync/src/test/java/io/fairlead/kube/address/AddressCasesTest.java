package io.fairlead.kube.address;

import static io.fairlead.kube.fixture.ServiceBuilder.aService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.kube.fixture.ServiceBuilder;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import io.fairlead.kube.model.Service.FamilyPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The number in a name is that of the case; addresses are from ranges for documentation instead of MetalLB's. */
class AddressCasesTest {

    private static final List<AddressPool> POOLS = List.of(
            pool("pool1", true, "203.0.113.0/31"),
            pool("pool2", false, "198.51.100.2"),
            pool("pool3", true, "2001:db8::/127"));

    private static AddressPool pool(String name, boolean automatic, String... ranges) {
        return new AddressPool(
                name, List.of(ranges).stream().map(AddressRange::parse).toList(), automatic);
    }

    private static String of(ServiceBuilder service, ServiceBuilder... others) {
        List<Service> all = new ArrayList<>();
        all.add(service.build());
        List.of(others).forEach(other -> all.add(other.build()));
        return text(AddressAllocation.allocate(POOLS, all, List.of())
                .get(all.getFirst().name()));
    }

    private static String text(@Nullable AddressAssignment assignment) {
        return switch (assignment) {
            case AddressAssignment.Assigned assigned ->
                String.join(
                        " ",
                        assigned.addresses().stream().map(IpAddress::toString).toList());
            case AddressAssignment.Refused refused -> refused.reason();
            case null -> "not asked";
        };
    }

    private static ServiceBuilder fresh(String name) {
        return aService(name).at();
    }

    @Test
    void case104TakesTheLowestOfAnAutomaticPool() {
        assertThat(of(fresh("s"))).isEqualTo("203.0.113.0");
    }

    @Test
    void case105TakesTheOneThatIsRequested() {
        assertThat(of(fresh("s").loadBalancerIp("203.0.113.1"))).isEqualTo("203.0.113.1");
        assertThat(of(fresh("s").annotation("metallb.io/loadBalancerIPs", "203.0.113.1")))
                .isEqualTo("203.0.113.1");
        assertThat(of(fresh("s").annotation("metallb.universe.tf/loadBalancerIPs", "203.0.113.1")))
                .isEqualTo("203.0.113.1");
        assertThat(of(fresh("s").annotation("fairlead.io/addresses", "203.0.113.1")))
                .isEqualTo("203.0.113.1");
        assertThat(of(fresh("s")
                        .annotation("metallb.io/loadBalancerIPs", "203.0.113.1")
                        .annotation("metallb.universe.tf/loadBalancerIPs", "203.0.113.0")))
                .isEqualTo("203.0.113.1");
    }

    @Test
    void takesWhatKubeVipCopiedForTheFieldItself() {
        assertThat(of(fresh("s")
                        .loadBalancerIp("203.0.113.1")
                        .annotation("kube-vip.io/loadbalancerIPs", "203.0.113.1")))
                .isEqualTo("203.0.113.1");
    }

    @Test
    void case106RefusesTwoRequests() {
        assertThat(of(fresh("s").loadBalancerIp("203.0.113.1").annotation("metallb.io/loadBalancerIPs", "203.0.113.1")))
                .isEqualTo("requested by spec.loadBalancerIP, 203.0.113.1, and by an annotation, 203.0.113.1 (expected:"
                        + " one of the two)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "www.example | requested address \"www.example\" (expected: an IP address)",
                "192.0.2.9   | address 192.0.2.9 is in no pool",
            })
    void case107RefusesWhatIsNoAddressOfAPoolAndTakesThePresentOneAway(String request, String reason) {
        assertThat(of(aService().at("203.0.113.0").loadBalancerIp(request))).isEqualTo(reason);
    }

    @Test
    void case108RefusesTwoAddressesOfOneFamily() {
        assertThat(of(fresh("s").annotation("metallb.io/loadBalancerIPs", "203.0.113.1,203.0.113.0")))
                .isEqualTo("requested addresses 203.0.113.1, 203.0.113.0 (expected: one of each family)");
    }

    @Test
    void case109RefusesAnotherFamily() {
        assertThat(of(fresh("s").loadBalancerIp("2001:db8::1")))
                .isEqualTo("requested address 2001:db8::1 (expected: a family of the Service)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::", "192.0.2.9", "lb.example", ""})
    void case110ReplacesWhatItCannotKeep(String held) {
        assertThat(of(aService().at(held))).isEqualTo("203.0.113.0");
    }

    @Test
    void case112TakesFromThePoolThatIsRequested() {
        assertThat(of(fresh("s").annotation("metallb.io/address-pool", "pool1")))
                .isEqualTo("203.0.113.0");
        assertThat(of(aService().at("203.0.113.0").annotation("metallb.io/address-pool", "pool2")))
                .isEqualTo("198.51.100.2");
        assertThat(of(fresh("s").annotation("metallb.io/address-pool", "pool9")))
                .isEqualTo("pool pool9 does not exist");
        assertThat(of(fresh("s").annotation("metallb.io/address-pool", "pool2").loadBalancerIp("203.0.113.1")))
                .isEqualTo("address 203.0.113.1 is of pool pool1 (expected: pool pool2, as requested)");
    }

    @Test
    void case113GivesBothFamiliesOrNone() {
        List<AddressPool> dual = List.of(pool("dual", true, "203.0.113.0/31", "2001:db8::/127"));
        Service both = fresh("s")
                .families(IpFamily.IPV6, IpFamily.IPV4)
                .familyPolicy(FamilyPolicy.REQUIRE_DUAL_STACK)
                .build();

        assertThat(text(AddressAllocation.allocate(dual, List.of(both), List.of())
                        .get(both.name())))
                .isEqualTo("2001:db8:: 203.0.113.0");
        assertThat(of(fresh("s").familyPolicy(FamilyPolicy.REQUIRE_DUAL_STACK)))
                .isEqualTo("RequireDualStack with one family (expected: two)");
    }

    @Test
    void case114GivesOneFamilyWhereTwoArePreferred() {
        assertThat(of(fresh("s").families(IpFamily.IPV4, IpFamily.IPV6).familyPolicy(FamilyPolicy.PREFER_DUAL_STACK)))
                .isEqualTo("203.0.113.0");
    }

    @Test
    void case115DoesNotTakeWhatAnotherHas() {
        ServiceBuilder holder = aService("holder").at("203.0.113.1");

        assertThat(of(fresh("s").loadBalancerIp("203.0.113.1"), holder))
                .isEqualTo("address 203.0.113.1: in use by ns/holder");
        assertThat(of(fresh("s").loadBalancerIp("203.0.113.1"))).isEqualTo("203.0.113.1");
    }

    @Test
    void case116SharesAnAddressBetweenThoseThatSaySo() {
        String key = "metallb.io/allow-shared-ip";
        ServiceBuilder holder =
                aService("holder").at("203.0.113.0").annotation(key, "k").port("p", 80);

        assertThat(of(fresh("s").annotation(key, "k").port("p", 443), holder)).isEqualTo("203.0.113.0");
        assertThat(of(fresh("s").annotation(key, "k").port("p", 80), holder)).isEqualTo("203.0.113.1");
        assertThat(of(fresh("s").annotation(key, "k").port("p", 80).loadBalancerIp("203.0.113.0"), holder))
                .isEqualTo("address 203.0.113.0: port TCP/80 is in use by ns/holder");
        assertThat(of(fresh("s").annotation(key, "other").port("p", 443).loadBalancerIp("203.0.113.0"), holder))
                .isEqualTo("address 203.0.113.0: in use by ns/holder");
        assertThat(of(
                        fresh("s")
                                .annotation(key, "k")
                                .port("p", 443)
                                .localTraffic(32000)
                                .loadBalancerIp("203.0.113.0"),
                        holder))
                .isEqualTo("address 203.0.113.0: shared with ns/holder, which has other pods (expected: the same"
                        + " selector with external traffic policy Local)");
    }

    @Test
    void keepsWhatServicesHoldBeforeItGivesAnythingAway() {
        ServiceBuilder young = aService("young").created("2026-02-01T00:00:00Z").at("203.0.113.0");
        ServiceBuilder old = fresh("old").created("2026-01-01T00:00:00Z");

        assertThat(of(old, young)).isEqualTo("203.0.113.1");
        assertThat(of(young, old)).isEqualTo("203.0.113.0");
    }

    @Test
    void givesRequestedAddressesBeforeItChoosesOthers() {
        ServiceBuilder old = fresh("old").created("2026-01-01T00:00:00Z");
        ServiceBuilder asking = fresh("asking").created("2026-02-01T00:00:00Z").loadBalancerIp("203.0.113.0");

        assertThat(of(old, asking)).isEqualTo("203.0.113.1");
        assertThat(of(asking, old)).isEqualTo("203.0.113.0");
    }

    @Test
    void theOlderKeepsWhatTwoHold() {
        ServiceBuilder old = aService("zzz").created("2026-01-01T00:00:00Z").at("203.0.113.0");
        ServiceBuilder young = aService("aaa").created("2026-02-01T00:00:00Z").at("203.0.113.0");

        assertThat(of(old, young)).isEqualTo("203.0.113.0");
        assertThat(of(young, old)).isEqualTo("203.0.113.1");
    }

    @Test
    void saysWhenThePoolsAreExhausted() {
        assertThat(of(
                        fresh("s").created("2027-01-01T00:00:00Z"),
                        aService("one").at("203.0.113.0"),
                        aService("two").at("203.0.113.1")))
                .isEqualTo("no pool has a free address of [IPV4] left");
    }

    @Test
    void neverGivesAnExternalAddressAway() {
        assertThat(text(AddressAllocation.allocate(
                                POOLS, List.of(fresh("s").build()), List.of(IpAddress.parse("203.0.113.0")))
                        .get(new ObjectName("ns", "s"))))
                .isEqualTo("203.0.113.1");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void givesTheSameToEveryPeerAndNoAddressTwice(long seed) {
        Random random = new Random(seed);
        List<AddressPool> pools =
                List.of(pool("a", true, "203.0.113.0/28"), pool("b", true, "203.0.113.64-203.0.113.70"));
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ServiceBuilder service =
                    aService("s" + i).created("2026-01-%02dT00:00:00Z".formatted(1 + random.nextInt(5)));
            service.at(random.nextBoolean() ? new String[0] : new String[] {"203.0.113." + random.nextInt(80)});
            if (random.nextInt(4) == 0) {
                service.loadBalancerIp("203.0.113." + random.nextInt(20));
            }
            services.add(service.build());
        }
        Map<ObjectName, AddressAssignment> expected = AddressAllocation.allocate(pools, services, List.of());

        Collections.shuffle(services, random);

        assertThat(AddressAllocation.allocate(pools, services, List.of())).isEqualTo(expected);
        assertThat(expected.values().stream()
                        .filter(AddressAssignment.Assigned.class::isInstance)
                        .map(AddressCasesTest::text))
                .doesNotHaveDuplicates()
                .hasSizeBetween(15, 23);
    }

    @Test
    void readsRanges() {
        assertThat(AddressRange.parse("203.0.113.0/28")).hasToString("203.0.113.0-203.0.113.15");
        assertThat(AddressRange.parse("203.0.113.5 - 203.0.113.9")).hasToString("203.0.113.5-203.0.113.9");
        assertThat(AddressRange.parse("2001:db8::/64").size()).hasToString("18446744073709551616");
        assertThatThrownBy(() -> AddressRange.parse("203.0.113.1/28"))
                .hasMessage("\"203.0.113.1/28\" (expected: 203.0.113.0/28)");
        assertThatThrownBy(() -> AddressRange.parse("203.0.113.9-203.0.113.1"))
                .hasMessage("addresses 203.0.113.9-203.0.113.1 (expected: one family, ascending)");
    }
}
