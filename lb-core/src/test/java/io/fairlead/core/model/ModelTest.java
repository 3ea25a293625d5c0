package io.fairlead.core.model;

import static io.fairlead.core.model.Tables.aFirewallMark;
import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aTable;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static io.fairlead.core.model.Tables.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {

    @Nested
    class VirtualServerKeys {

        @Test
        void sortByAddressThenPortThenProtocolAndFirewallMarksLast() {
            List<VirtualServerKey> ordered = List.of(
                    tcp("192.0.2.10:80"),
                    tcp("192.0.2.10:443"),
                    aVirtualServer("192.0.2.10:443").udp().key(),
                    aVirtualServer("192.0.2.10:443").sctp().key(),
                    tcp("192.0.2.11:80"),
                    tcp("[2001:db8::10]:80"),
                    aVirtualServer("[2001:db8::10]:80").udp().key(),
                    aFirewallMark(1).key(),
                    new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 1),
                    aFirewallMark(2).key(),
                    aFirewallMark(4_294_967_295L).key());

            assertThat(ordered.reversed().stream().sorted()).containsExactlyElementsOf(ordered);
            for (VirtualServerKey one : ordered) {
                for (VirtualServerKey other : ordered) {
                    assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
                    assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
                }
            }
        }

        @Test
        void printAsOperatorsWriteThem() {
            assertThat(tcp("192.0.2.10:443")).hasToString("TCP 192.0.2.10:443");
            assertThat(aVirtualServer("[2001:db8::10]:53").udp().key()).hasToString("UDP [2001:db8::10]:53");
            assertThat(aFirewallMark(7).key()).hasToString("FWM 7");
            assertThat(new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 7)).hasToString("FWM 7 (IPv6)");
        }

        @Test
        void knowTheFamilyOfTheirClients() {
            assertThat(tcp("192.0.2.10:443").family()).isEqualTo(IpFamily.IPV4);
            assertThat(tcp("[2001:db8::10]:443").family()).isEqualTo(IpFamily.IPV6);
            assertThat(new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 7).family())
                    .isEqualTo(IpFamily.IPV6);
        }

        @ParameterizedTest
        @ValueSource(longs = {0, -1, 4_294_967_296L})
        void refuseAMarkThatNoPacketCanCarry(long mark) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> aFirewallMark(mark))
                    .withMessage("firewall mark %d (expected: 1..4294967295)", mark);
        }
    }

    @Nested
    class Schedulers {

        @ParameterizedTest
        @ValueSource(strings = {"rr", "wlc", "mh", "a_private-one.1", "abcdefghijklmno"})
        void haveAnyNameThatAKernelModuleMayHave(String name) {
            Scheduler scheduler = new Scheduler(name);

            assertThat(scheduler).hasToString(name);
            assertThat(scheduler.moduleName()).isEqualTo("ip_vs_" + name);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "r r", "abcdefghijklmnop", "wlc\n", "wlc\0", "w\u00e4c"})
        void refuseANameThatTheKernelCannotHold(String name) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Scheduler(name))
                    .withMessageContaining("(expected: a kernel scheduler such as rr, wrr, lc, wlc, sh, dh, mh)");
        }

        @Test
        void sortByName() {
            assertThat(Scheduler.MAGLEV_HASHING).isLessThan(Scheduler.ROUND_ROBIN);
        }

        @ParameterizedTest
        @CsvSource({
            "sh-fallback, sh, 8",
            "sh-port, sh, 16",
            "mh-fallback, mh, 8",
            "mh-port, mh, 16",
            "flag-1, , 8",
            "flag-2, , 16",
            "flag-3, , 32"
        })
        void knowTheirFlagsByTheNameOfTheConfiguration(String name, @Nullable String scheduler, int bit) {
            Optional<SchedulerFlag> flag = SchedulerFlag.named(name);

            assertThat(flag).get().satisfies(found -> {
                assertThat(found.configName()).isEqualTo(name);
                assertThat(found.scheduler())
                        .isEqualTo(Optional.ofNullable(scheduler).map(Scheduler::new));
                assertThat(found.bit()).isEqualTo(bit);
            });
        }

        @Test
        void knowNoOtherFlags() {
            assertThat(SchedulerFlag.named("sh-none")).isEmpty();
            assertThat(SchedulerFlag.values()).hasSize(7);
        }

        @Test
        void callTheirFlagsByTheirOwnNamesWhereTheyHaveAny() {
            Scheduler sh = new Scheduler("sh");

            assertThat(SchedulerFlag.FLAG_1.with(sh)).contains(SchedulerFlag.SH_FALLBACK);
            assertThat(SchedulerFlag.FLAG_2.with(sh)).contains(SchedulerFlag.SH_PORT);
            assertThat(SchedulerFlag.FLAG_3.with(sh)).contains(SchedulerFlag.FLAG_3);
            assertThat(SchedulerFlag.FLAG_1.with(Scheduler.ROUND_ROBIN)).contains(SchedulerFlag.FLAG_1);
            assertThat(SchedulerFlag.MH_PORT.with(sh)).isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tables.aVirtualServer("192.0.2.10:80")
                            .scheduler("sh")
                            .flag(SchedulerFlag.FLAG_1)
                            .build())
                    .withMessageContaining("expected: sh-fallback");
        }
    }

    @Nested
    class VirtualServers {

        @Test
        void refuseAFlagOfAnotherScheduler() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> aVirtualServer("192.0.2.10:443")
                            .scheduler("sh")
                            .flag(SchedulerFlag.MH_PORT)
                            .build())
                    .withMessage("scheduler flag mh-port with scheduler sh (expected: scheduler mh)");
        }

        @ParameterizedTest
        @CsvSource({"192.0.2.10:443, 33, 32", "[2001:db8::10]:443, 129, 128"})
        void refuseANetmaskLongerThanAnAddress(String address, int prefixLength, int longest) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> aVirtualServer(address)
                            .persistent(Duration.ofMinutes(5), prefixLength)
                            .build())
                    .withMessageStartingWith("persistence netmask " + prefixLength);
            assertThat(aVirtualServer(address)
                            .persistent(Duration.ofMinutes(5), longest)
                            .build()
                            .persistence())
                    .contains(new Persistence(Duration.ofMinutes(5), longest));
        }

        @Test
        void doNotChangeWithTheSetTheyWereMadeFrom() {
            Set<SchedulerFlag> flags = EnumSet.of(SchedulerFlag.SH_PORT);
            VirtualServer virtualServer =
                    new VirtualServer(tcp("192.0.2.10:443"), Scheduler.SOURCE_HASHING, flags, Optional.empty(), false);

            flags.clear();

            assertThat(virtualServer.schedulerFlags()).containsExactly(SchedulerFlag.SH_PORT);
        }
    }

    @Nested
    class Persistences {

        @Test
        void haveWholeSeconds() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Persistence(Duration.ofMillis(1_500), 32))
                    .withMessage("persistence timeout PT1.5S (expected: whole seconds)");
            assertThatIllegalArgumentException().isThrownBy(() -> new Persistence(Duration.ofSeconds(-1), 32));
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 129})
        void refuseAPrefixOutsideEveryFamily(int prefixLength) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Persistence(Duration.ofSeconds(1), prefixLength))
                    .withMessage("persistence netmask %d (expected: 0..128)", prefixLength);
        }
    }

    @Nested
    class RealServers {

        @Test
        void refuseANegativeWeight() {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> aRealServer("[2001:db8:1::7]:80").weight(-1).build())
                    .withMessage("weight -1 of [2001:db8:1::7]:80 (expected: 0..65535)");
        }

        @Test
        void keepEverythingElseWithAnotherWeight() {
            RealServer before = aRealServer("198.51.100.7:80")
                    .forwarding(ForwardingMethod.TUNNEL)
                    .weight(3)
                    .thresholds(10, 5)
                    .build();

            assertThat(before.withWeight(0))
                    .isEqualTo(aRealServer("198.51.100.7:80")
                            .forwarding(ForwardingMethod.TUNNEL)
                            .weight(0)
                            .thresholds(10, 5)
                            .build());
        }

        @ParameterizedTest
        @CsvSource({"-1, 0", "0, -1", "4294967296, 0", "0, 4294967296"})
        void refuseThresholdsThatTheKernelCannotHold(long upper, long lower) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ConnectionThresholds(upper, lower))
                    .withMessage("thresholds lower %d, upper %d (expected: 0..4294967295)", lower, upper);
        }

        @ParameterizedTest
        @CsvSource({"MASQUERADE, nat, 0", "LOCAL, local, 1", "TUNNEL, tunnel, 2", "DIRECT_ROUTE, direct-route, 3"})
        void areForwardedToInTheKernelsFourWays(ForwardingMethod method, String configName, int kernelValue) {
            assertThat(method.configName()).isEqualTo(configName);
            assertThat(method.kernelValue()).isEqualTo(kernelValue);
        }
    }

    @Nested
    class Snapshots {

        @Test
        void refuseTheSameVirtualServerTwice() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> aTable(
                            aVirtualServer("[2001:db8::10]:443"),
                            aVirtualServer("[2001:db8::10]:443").wrr()))
                    .withMessage("two virtual servers TCP [2001:db8::10]:443");
        }

        @Test
        void refuseTheSameRealServerTwice() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> aVirtualServer("192.0.2.10:443")
                            .with(aRealServer("198.51.100.7:80"))
                            .with(aRealServer("198.51.100.7:80").weight(2))
                            .pool())
                    .withMessage("two real servers 198.51.100.7:80 in TCP 192.0.2.10:443");
        }

        @Test
        void areOrderedByKeyWhateverTheOrderTheyWereMadeIn() {
            IpvsSnapshot table = aTable(
                    aFirewallMark(1),
                    aVirtualServer("[2001:db8::10]:443"),
                    aVirtualServer("192.0.2.10:443")
                            .with(aRealServer("198.51.100.8:80"))
                            .with(aRealServer("198.51.100.7:80")));

            assertThat(table.pools().keySet())
                    .containsExactly(
                            tcp("192.0.2.10:443"),
                            tcp("[2001:db8::10]:443"),
                            aFirewallMark(1).key());
            assertThat(table.pools().firstEntry().getValue().realServers().keySet())
                    .containsExactly(
                            aRealServer("198.51.100.7:80").key(),
                            aRealServer("198.51.100.8:80").key());
        }

        @Test
        void doNotChangeWithTheMapTheyWereMadeFrom() {
            TreeMap<VirtualServerKey, Pool> pools = new TreeMap<>(Map.of(
                    tcp("192.0.2.10:443"), aVirtualServer("192.0.2.10:443").pool()));
            IpvsSnapshot table = new IpvsSnapshot(pools);

            pools.clear();

            assertThat(table.pools()).hasSize(1);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> table.pools().clear());
        }

        @Test
        void countFindAndRestrict() {
            IpvsSnapshot table = aTable(
                    aVirtualServer("192.0.2.10:443")
                            .with(aRealServer("198.51.100.7:80"))
                            .with(aRealServer("198.51.100.8:80")),
                    aVirtualServer("[2001:db8::10]:443").with(aRealServer("[2001:db8:1::7]:80")));

            assertThat(table.realServerCount()).isEqualTo(3);
            assertThat(table.find(tcp("192.0.2.10:443"))).isPresent();
            assertThat(table.find(tcp("192.0.2.10:80"))).isEmpty();
            assertThat(new ArrayList<>(table.restrictedTo(key -> key.family() == IpFamily.IPV6)
                            .pools()
                            .keySet()))
                    .containsExactly(tcp("[2001:db8::10]:443"));
            assertThat(IpvsSnapshot.EMPTY.realServerCount()).isZero();
        }
    }
}
