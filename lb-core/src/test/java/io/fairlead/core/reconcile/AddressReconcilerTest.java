package io.fairlead.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.kernel.testing.FakeAddressTable;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressReconcilerTest {

    private static InterfaceAddressKey key(String address, int prefixLength) {
        return new InterfaceAddressKey("eth0", IpAddress.parse(address), prefixLength);
    }

    private static final InterfaceAddressKey A = key("192.0.2.10", 32);
    private static final InterfaceAddressKey B = key("192.0.2.11", 32);

    private static InterfaceAddress wanted(InterfaceAddressKey key) {
        return new InterfaceAddress(key, Optional.empty());
    }

    private static InterfaceAddress wanted(InterfaceAddressKey key, int leaseSeconds) {
        return new InterfaceAddress(key, Optional.of(Duration.ofSeconds(leaseSeconds)));
    }

    private static InterfaceAddressStatus present(InterfaceAddressKey key) {
        return present(key, Optional.empty(), 0);
    }

    private static InterfaceAddressStatus present(InterfaceAddressKey key, int remainingSeconds) {
        return present(key, Optional.of(Duration.ofSeconds(remainingSeconds)), 0);
    }

    private static InterfaceAddressStatus present(InterfaceAddressKey key, Optional<Duration> remaining, int origin) {
        return new InterfaceAddressStatus(key, remaining, origin, true, AddressScope.GLOBAL, Optional.empty());
    }

    @Test
    void addsBeforeItRemoves() {
        assertThat(AddressReconciler.plan(List.of(wanted(B)), List.of(present(A)), Set.of(A)))
                .hasToString("""
                    ip address add 192.0.2.11/32 dev eth0 noprefixroute
                    ip address del 192.0.2.10/32 dev eth0
                    """);
    }

    @Test
    void removesFirstWhatIsInTheWayOfAnotherPrefixLengthOfIpv6() {
        InterfaceAddressKey network = key("2001:db8::10", 64);
        assertThat(AddressReconciler.plan(
                        List.of(wanted(key("2001:db8::10", 128))), List.of(present(network)), Set.of(network)))
                .hasToString("""
                    ip address del 2001:db8::10/64 dev eth0
                    ip address add 2001:db8::10/128 dev eth0 preferred_lft 0 nodad noprefixroute
                    """);
    }

    @Test
    void neverTouchesWhatIsNotOurs() {
        AddressPlan plan = AddressReconciler.plan(List.of(wanted(A, 3)), List.of(present(A), present(B)), Set.of());

        assertThat(plan.ops()).isEmpty();
        assertThat(plan.foreign()).containsExactly(A);
    }

    @Test
    void renewsALeaseOfWhichHalfHasPassed() {
        assertThat(AddressReconciler.plan(List.of(wanted(A, 6)), List.of(present(A, 4)), Set.of(A))
                        .ops())
                .isEmpty();
        assertThat(AddressReconciler.plan(List.of(wanted(A, 6)), List.of(present(A, 3)), Set.of(A)))
                .hasToString("ip address replace 192.0.2.10/32 dev eth0 valid_lft 6 preferred_lft 6 noprefixroute\n");
    }

    @Test
    void renewsWhatHasALifetimeOfAnotherKind() {
        assertThat(AddressReconciler.plan(List.of(wanted(A)), List.of(present(A, 4)), Set.of(A))
                        .ops())
                .containsExactly(new AddressOp.RenewAddress(wanted(A)));
        assertThat(AddressReconciler.plan(List.of(wanted(A, 6)), List.of(present(A)), Set.of(A))
                        .ops())
                .containsExactly(new AddressOp.RenewAddress(wanted(A, 6)));
        assertThat(AddressReconciler.plan(List.of(wanted(A, 6)), List.of(present(A, 60)), Set.of(A))
                        .ops())
                .containsExactly(new AddressOp.RenewAddress(wanted(A, 6)));
    }

    @Test
    void addsAnOwnedAddressThatIsGoneAndForgetsOneNoLongerWanted() {
        assertThat(AddressReconciler.plan(List.of(wanted(A)), List.of(), Set.of(A, B))
                        .ops())
                .containsExactly(new AddressOp.AddAddress(wanted(A)));
    }

    @Test
    void putsAnAddressAnewWhoseScopeOrLabelDiffers() {
        InterfaceAddress labelled =
                new InterfaceAddress(A, Optional.empty(), AddressScope.LINK, Optional.of("eth0:vip"));

        assertThat(AddressReconciler.plan(List.of(labelled, wanted(B)), List.of(present(A)), Set.of(A)))
                .hasToString("""
                    ip address del 192.0.2.10/32 dev eth0
                    ip address add 192.0.2.10/32 dev eth0 scope link label eth0:vip noprefixroute
                    ip address add 192.0.2.11/32 dev eth0 noprefixroute
                    """);
        assertThat(AddressReconciler.plan(List.of(labelled), List.of(present(A)), Set.of())
                        .ops())
                .isEmpty();
    }

    @Test
    void believesWhatAddressesSayOfTheirOrigin() {
        InterfaceAddressStatus ours = present(A, Optional.empty(), InterfaceAddressStatus.OURS);
        InterfaceAddressStatus addedAgainByHand = present(B, Optional.empty(), 0);

        assertThat(AddressReconciler.owned(List.of(ours, addedAgainByHand), Set.of(B)))
                .containsExactly(A);
    }

    @Test
    void goesByMemoryWhereAddressesSayNothing() {
        assertThat(AddressReconciler.owned(List.of(present(A), present(B)), Set.of(B, key("192.0.2.12", 32))))
                .containsExactly(B);
    }

    /** Whatever is wanted, there and ours: nothing foreign is touched, and what has run is not planned again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void leadsToWhatIsWantedAndLeavesTheRest(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 200; round++) {
            FakeAddressTable table = new FakeAddressTable();
            table.addEthernet("eth0");
            table.addEthernet("eth1");
            List<InterfaceAddressKey> keys = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String name = "eth" + random.nextInt(2);
                keys.add(
                        random.nextBoolean()
                                ? new InterfaceAddressKey(
                                        name,
                                        IpAddress.parse("192.0.2." + random.nextInt(1, 4)),
                                        random.nextInt(30, 33))
                                : new InterfaceAddressKey(
                                        name,
                                        IpAddress.parse("2001:db8::" + random.nextInt(1, 4)),
                                        random.nextInt(126, 129)));
            }
            table.apply(pick(keys, random).stream()
                    .<AddressOp>map(key -> new AddressOp.AddAddress(wanted(key, 60)))
                    .toList());
            Set<InterfaceAddressKey> owned = pick(keys, random);
            List<InterfaceAddressStatus> before = table.readAddresses();
            List<InterfaceAddressStatus> foreign = before.stream()
                    .filter(status -> !owned.contains(status.key()))
                    .toList();
            List<InterfaceAddress> desired = possible(pick(keys, random), foreign);

            AddressPlan plan = AddressReconciler.plan(desired, before, owned);
            assertThat(table.apply(plan.ops()).failures())
                    .as("seed %d round %d", seed, round)
                    .isEmpty();

            assertThat(table.readAddresses())
                    .as("seed %d round %d", seed, round)
                    .containsAll(foreign);
            Set<InterfaceAddressKey> expected = new TreeSet<>();
            desired.forEach(address -> expected.add(address.key()));
            foreign.forEach(status -> expected.add(status.key()));
            assertThat(table.readAddresses().stream().map(InterfaceAddressStatus::key))
                    .as("seed %d round %d", seed, round)
                    .containsExactlyInAnyOrderElementsOf(expected);
            Set<InterfaceAddressKey> ownedNow = new TreeSet<>(expected);
            foreign.forEach(status -> ownedNow.remove(status.key()));
            assertThat(AddressReconciler.plan(desired, table.readAddresses(), ownedNow)
                            .ops())
                    .as("seed %d round %d", seed, round)
                    .isEmpty();
        }
    }

    private static Set<InterfaceAddressKey> pick(List<InterfaceAddressKey> keys, RandomGenerator random) {
        Set<InterfaceAddressKey> picked = new TreeSet<>();
        keys.forEach(key -> {
            if (random.nextBoolean()) {
                picked.add(key);
            }
        });
        return picked;
    }

    /** An interface has an IPv6 address once, so one is wanted with one prefix length, and not where a stranger has it. */
    private static List<InterfaceAddress> possible(
            Set<InterfaceAddressKey> keys, List<InterfaceAddressStatus> foreign) {
        Map<String, InterfaceAddress> byAddress = new TreeMap<>();
        for (InterfaceAddressKey key : keys) {
            boolean ipv6 = key.address().family() == IpFamily.IPV6;
            String identity = ipv6 ? key.interfaceName() + " " + key.address() : key.toString();
            boolean taken = ipv6
                    && foreign.stream()
                            .anyMatch(status -> status.key().address().equals(key.address())
                                    && status.key().interfaceName().equals(key.interfaceName())
                                    && !status.key().equals(key));
            if (!taken) {
                byAddress.put(identity, wanted(key, 60));
            }
        }
        return List.copyOf(byAddress.values());
    }
}
