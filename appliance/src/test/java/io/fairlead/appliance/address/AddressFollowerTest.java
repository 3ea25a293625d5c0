package io.fairlead.appliance.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.address.AddressView.Line;
import io.fairlead.appliance.address.AddressView.State;
import io.fairlead.core.announce.AnnouncementSpec;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.testing.FakeAddressTable;
import io.fairlead.core.kernel.testing.FakeNeighborAnnouncer;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressFollowerTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final InterfaceAddressKey A = key("eth0", "192.0.2.10", 32);
    private static final InterfaceAddressKey B = key("eth0", "2001:db8::10", 128);

    private final FakeAddressTable table = new FakeAddressTable();
    private final FakeNeighborAnnouncer announcer = new FakeNeighborAnnouncer();
    private final Set<IpAddress> draining = new HashSet<>();
    private Set<InterfaceAddressKey> noted = Set.of();
    private MonotonicInstant now = new MonotonicInstant(0);
    private final AddressFollower follower = follower(Set.of());

    AddressFollowerTest() {
        table.addEthernet("eth0");
    }

    private AddressFollower follower(Set<InterfaceAddressKey> remembered) {
        return new AddressFollower(
                table, announcer, () -> false, () -> Optional.of(draining), remembered, ours -> noted = ours);
    }

    private static InterfaceAddressKey key(String interfaceName, String address, int prefixLength) {
        return new InterfaceAddressKey(interfaceName, IpAddress.parse(address), prefixLength);
    }

    private static VirtualAddressSpec set(boolean removeOnStop, InterfaceAddressKey... keys) {
        return new VirtualAddressSpec(
                "public",
                keys[0].interfaceName(),
                keys[0].interfaceName().startsWith("vip"),
                Arrays.stream(keys)
                        .map(key -> new InterfaceAddress(key, Optional.empty()))
                        .toList(),
                removeOnStop,
                AnnouncementSpec.DEFAULT);
    }

    private void follow(VirtualAddressSpec... specs) {
        follower.follow(List.of(specs), Set.of(), INTERVAL, now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        follower.tick(now);
    }

    private List<InterfaceAddressKey> present() {
        return table.readAddresses().stream().map(InterfaceAddressStatus::key).toList();
    }

    private List<State> states() {
        return follower.view().addresses().stream().map(Line::state).toList();
    }

    @Test
    void addsAndAnnouncesWhatIsConfigured() {
        follow(set(false, A, B));

        assertThat(present()).containsExactlyInAnyOrder(A, B);
        assertThat(announcer.takeAnnounced()).containsExactlyInAnyOrder(A, B);
        assertThat(states()).containsExactly(State.PRESENT, State.PRESENT);
        assertThat(noted).containsExactlyInAnyOrder(A, B);
        assertThat(follower.view().failing()).isEmpty();
    }

    @Test
    void announcesAgainAtGrowingDistancesAndThenNoMore() {
        follow(set(false, A));
        announcer.takeAnnounced();

        int announced = 0;
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMillis(100));
            announced += announcer.takeAnnounced().size();
        }

        assertThat(announced).isEqualTo(5);
    }

    @Test
    void putsBackWhatSomebodyTookAwayAndCountsIt() {
        follow(set(false, A));
        pass(Duration.ofSeconds(20));
        announcer.takeAnnounced();
        table.apply(List.of(new AddressOp.DeleteAddress(A)));

        pass(INTERVAL);

        assertThat(present()).containsExactly(A);
        assertThat(follower.view().drift()).isOne();
        assertThat(announcer.takeAnnounced()).containsExactly(A);
        pass(INTERVAL);
        assertThat(follower.view().drift()).isOne();
    }

    @Test
    void neverTouchesWhatSomebodyElsePutThere() {
        InterfaceAddressKey strangers = key("eth0", "192.0.2.99", 24);
        table.addForeign(A);
        table.addForeign(strangers);

        follow(set(true, A, B));
        assertThat(states()).containsExactly(State.FOREIGN, State.PRESENT);
        assertThat(noted).containsExactly(B);
        follow();
        assertThat(present()).containsExactlyInAnyOrder(A, strangers);
        follow(set(true, A, B));
        follower.stop();

        assertThat(present()).containsExactlyInAnyOrder(A, strangers);
    }

    /** The number is that of a case of Kubernetes. An operator who names an interface means that one. */
    @Test
    void case84AnAddressThatAnotherInterfaceHasStaysThereBesideOurs() {
        InterfaceAddressKey elsewhere =
                key("eth1", A.address().toString(), A.address().family().lengthBits());
        table.addEthernet("eth1");
        table.addForeign(elsewhere);

        follow(set(true, A));
        assertThat(present()).containsExactlyInAnyOrder(A, elsewhere);
        follow();

        assertThat(present()).containsExactly(elsewhere);
    }

    @Test
    void keepsAnAddressThatLeftTheConfigurationUntilItsConnectionsHaveDrained() {
        follow(set(false, A));
        draining.add(A.address());

        follow();
        pass(Duration.ofMinutes(1));
        assertThat(present()).containsExactly(A);
        assertThat(states()).containsExactly(State.LEAVING);
        draining.clear();
        pass(Duration.ofSeconds(1));

        assertThat(present()).isEmpty();
        assertThat(follower.view().addresses()).isEmpty();
        assertThat(noted).isEmpty();
    }

    @Test
    void cleansUpWhatAnEarlierProcessLeft() {
        follow(set(false, A, B)); // and dies

        AddressFollower second = follower(Set.of());
        second.follow(List.of(set(false, B)), Set.of(), INTERVAL, now);

        assertThat(present()).containsExactly(B);
        assertThat(second.view().drift()).isZero();
    }

    @Test
    void leavesAloneWhatAnotherPartOfTheProcessHolds() {
        table.apply(List.of(new AddressOp.AddAddress(new InterfaceAddress(B, Optional.empty()))));

        follower.follow(List.of(set(true, A)), Set.of(B), INTERVAL, now);
        follower.stop();

        assertThat(present()).containsExactly(B);
    }

    @Test
    void aStopRemovesOnlyWhatIsNotToOutliveIt() {
        follow(set(false, A), set(true, B));

        follower.stop();

        assertThat(present()).containsExactly(A);
        assertThat(noted).containsExactly(A);
    }

    @Test
    void waitsForAnInterface() {
        InterfaceAddressKey later = key("eth7", "192.0.2.20", 32);

        follow(set(false, later));
        assertThat(states()).containsExactly(State.MISSING);
        assertThat(follower.view().failing()).containsExactly("interface eth7 is not there");
        table.addEthernet("eth7");
        pass(Duration.ofSeconds(1));

        assertThat(states()).containsExactly(State.PRESENT);
        assertThat(follower.view().failing()).isEmpty();
        assertThat(announcer.takeAnnounced()).containsExactly(later);
    }

    @Test
    void makesADummyInterfaceAndSwitchesItOn() {
        follow(set(false, key("vip0", "192.0.2.20", 32)));

        assertThat(table.readInterfaces())
                .filteredOn(status -> status.name().equals("vip0"))
                .singleElement()
                .satisfies(status -> assertThat(status.up()).isTrue());
        assertThat(states()).containsExactly(State.PRESENT);
    }

    @Test
    void announcesAgainWhenTheCableIsBack() {
        follow(set(false, A));
        pass(INTERVAL);
        announcer.takeAnnounced();
        table.switchInterface("eth0", false);
        pass(INTERVAL);
        assertThat(announcer.takeAnnounced()).isEmpty();

        table.switchInterface("eth0", true);
        pass(INTERVAL);

        assertThat(announcer.takeAnnounced()).containsExactly(A);
    }

    @Test
    void aKernelThatFailsIsShownAndTriedAgain() {
        table.failWith(Optional.of(new ErrnoException("read interfaces", Errno.ENOBUFS, "")));

        follow(set(false, A));
        assertThat(follower.view().failing()).singleElement().asString().startsWith("read interfaces: ENOBUFS");
        table.failWith(Optional.empty());
        pass(Duration.ofSeconds(1));

        assertThat(states()).containsExactly(State.PRESENT);
    }

    @Test
    void aPlanChangesNothing() {
        follow(set(false, A));

        assertThat(follower.plan(List.of(set(false, B)), Set.of())).hasToString("""
            ip address add 2001:db8::10/128 dev eth0 preferred_lft 0 nodad noprefixroute
            ip address del 192.0.2.10/32 dev eth0
            """);
        assertThat(present()).containsExactly(A);
    }

    @Test
    void aPlanLeavesWhatWouldStillDrain() {
        follow(set(false, A));

        assertThat(follower.plan(List.of(), Set.of(A.address())).ops()).isEmpty();
        assertThat(follower.plan(List.of(), Set.of()).ops()).hasSize(1);
    }

    @Test
    void anotherLabelByANewConfigurationIsNoDrift() {
        follow(set(false, A));
        InterfaceAddress labelled = new InterfaceAddress(A, Optional.empty(), AddressScope.LINK, Optional.of("eth0:1"));

        follow(new VirtualAddressSpec("public", "eth0", false, List.of(labelled), false, AnnouncementSpec.DEFAULT));

        assertThat(table.readAddresses())
                .singleElement()
                .satisfies(status -> assertThat(status.label()).contains("eth0:1"));
        assertThat(follower.view().drift()).isZero();
    }
}
