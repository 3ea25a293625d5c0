package io.fairlead.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.kernel.AddressReport.OpFailure;
import io.fairlead.core.kernel.AddressTable.PreparedOps;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.core.reconcile.AddressReconciler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link AddressTable} does, the kernel's and the fake alike. */
public abstract class AddressTableContract {

    private static final Duration LEASE = Duration.ofMinutes(10);

    /** The table under test: the same one throughout a test. */
    protected abstract AddressTable table();

    /** An interface that is up and has neighbours, for the tests alone. */
    protected abstract String interfaceName();

    private InterfaceAddressKey key(String address, int prefixLength) {
        return new InterfaceAddressKey(interfaceName(), IpAddress.parse(address), prefixLength);
    }

    private InterfaceAddress permanent(String address, int prefixLength) {
        return new InterfaceAddress(key(address, prefixLength), Optional.empty());
    }

    private InterfaceAddress leased(String address, int prefixLength) {
        return new InterfaceAddress(key(address, prefixLength), Optional.of(LEASE));
    }

    private static int hostPrefix(String address) {
        return IpAddress.parse(address).family().lengthBits();
    }

    private Stream<InterfaceAddressStatus> ours() {
        return table().readAddresses().stream()
                .filter(status -> status.key().interfaceName().equals(interfaceName()))
                .filter(status -> status.key().address().toString().matches("(192\\.0\\.2\\.|2001:db8:).*"));
    }

    private void apply(AddressOp... ops) {
        assertThat(table().apply(List.of(ops)).failures()).isEmpty();
    }

    private int refusal(AddressOp op) {
        List<OpFailure> failures = table().apply(List.of(op)).failures();
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst().op()).isEqualTo(op);
        return failures.getFirst().cause().errno();
    }

    @BeforeEach
    final void startWithoutAddresses() {
        List<AddressOp> deletions = new ArrayList<>();
        ours().forEach(status -> deletions.add(new AddressOp.DeleteAddress(status.key())));
        assertThat(table().apply(deletions).failures()).isEmpty();
    }

    @Test
    void readsTheInterface() {
        assertThat(table().readInterfaces())
                .filteredOn(status -> status.name().equals(interfaceName()))
                .singleElement()
                .satisfies(status -> {
                    assertThat(status.up()).isTrue();
                    assertThat(status.carrier()).isTrue();
                    assertThat(status.index()).isPositive();
                    assertThat(status.mtuBytes()).isGreaterThanOrEqualTo(1280);
                    assertThat(status.hardwareAddress()).isPresent();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.10", "2001:db8::10"})
    void readsBackAPermanentAddress(String address) {
        InterfaceAddress wanted = permanent(address, hostPrefix(address));

        apply(new AddressOp.AddAddress(wanted));

        assertThat(ours()).singleElement().satisfies(status -> {
            assertThat(status.key()).isEqualTo(wanted.key());
            assertThat(status.remaining()).isEmpty();
            assertThat(status.usable()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.10", "2001:db8::10"})
    void aLeaseIsReadBackAndCanBeTakenAway(String address) {
        apply(new AddressOp.AddAddress(leased(address, hostPrefix(address))));
        assertThat(ours())
                .singleElement()
                .satisfies(status ->
                        assertThat(status.remaining().orElseThrow()).isBetween(LEASE.minusSeconds(120), LEASE));

        apply(new AddressOp.RenewAddress(permanent(address, hostPrefix(address))));

        assertThat(ours())
                .singleElement()
                .satisfies(status -> assertThat(status.remaining()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.10", "2001:db8::10"})
    void renewingAnAddressThatIsGoneAddsIt(String address) {
        apply(new AddressOp.RenewAddress(leased(address, hostPrefix(address))));

        assertThat(ours().map(InterfaceAddressStatus::key)).containsExactly(key(address, hostPrefix(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.10", "2001:db8::10"})
    void refusesWhatCannotBe(String address) {
        InterfaceAddress wanted = permanent(address, hostPrefix(address));
        assertThat(refusal(new AddressOp.DeleteAddress(wanted.key()))).isEqualTo(Errno.EADDRNOTAVAIL);
        apply(new AddressOp.AddAddress(wanted));
        assertThat(refusal(new AddressOp.AddAddress(wanted))).isEqualTo(Errno.EEXIST);
        InterfaceAddressKey nowhere =
                new InterfaceAddressKey("fl-none", wanted.key().address(), 32);
        assertThat(refusal(new AddressOp.AddAddress(new InterfaceAddress(nowhere, Optional.empty()))))
                .isEqualTo(Errno.ENODEV);
        assertThat(refusal(new AddressOp.DeleteAddress(nowhere))).isEqualTo(Errno.ENODEV);
    }

    @Test
    void anIpv6AddressIsOnAnInterfaceOnce() {
        apply(new AddressOp.AddAddress(permanent("2001:db8::10", 128)));

        assertThat(refusal(new AddressOp.AddAddress(permanent("2001:db8::10", 64))))
                .isEqualTo(Errno.EEXIST);
    }

    @Test
    void removingAHostAddressLeavesTheOthers() {
        apply(
                new AddressOp.AddAddress(permanent("192.0.2.10", 32)),
                new AddressOp.AddAddress(permanent("192.0.2.11", 32)),
                new AddressOp.AddAddress(permanent("192.0.2.12", 32)));

        apply(new AddressOp.DeleteAddress(key("192.0.2.10", 32)));

        assertThat(ours().map(InterfaceAddressStatus::key))
                .containsExactlyInAnyOrder(key("192.0.2.11", 32), key("192.0.2.12", 32));
    }

    @Test
    void oneRefusalDoesNotKeepTheOthersFromBeingTried() {
        List<AddressOp> ops = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            ops.add(new AddressOp.AddAddress(permanent("192.0.2." + i, 32)));
            ops.add(new AddressOp.DeleteAddress(key("2001:db8::" + i, 128)));
        }

        AddressReport report = table().apply(ops);

        assertThat(report.carriedOut()).isEqualTo(200);
        assertThat(report.failures()).hasSize(200).allSatisfy(failure -> {
            assertThat(failure.op()).isInstanceOf(AddressOp.DeleteAddress.class);
            assertThat(failure.cause().errno()).isEqualTo(Errno.EADDRNOTAVAIL);
        });
        assertThat(ours()).hasSize(200);
    }

    @Test
    void aPlanTurnsWhatIsThereIntoWhatIsWanted() {
        apply(
                new AddressOp.AddAddress(permanent("192.0.2.10", 32)),
                new AddressOp.AddAddress(permanent("192.0.2.99", 32)),
                new AddressOp.AddAddress(permanent("2001:db8::10", 64)));
        Set<InterfaceAddressKey> owned = new HashSet<>(Set.of(key("192.0.2.10", 32), key("2001:db8::10", 64)));
        List<InterfaceAddress> wanted = List.of(leased("192.0.2.11", 32), permanent("2001:db8::10", 128));

        table().apply(AddressReconciler.plan(wanted, table().readAddresses(), owned)
                .ops());

        assertThat(ours().map(InterfaceAddressStatus::key))
                .containsExactlyInAnyOrder(key("192.0.2.99", 32), key("192.0.2.11", 32), key("2001:db8::10", 128));
        wanted.forEach(address -> owned.add(address.key()));
        assertThat(AddressReconciler.plan(wanted, table().readAddresses(), owned)
                        .ops())
                .isEmpty();
    }

    @Test
    void scopeAndLabelAreReadBack() {
        String label = interfaceName() + ":vip";
        apply(new AddressOp.AddAddress(
                new InterfaceAddress(key("192.0.2.10", 32), Optional.empty(), AddressScope.LINK, Optional.of(label))));

        assertThat(ours()).singleElement().satisfies(status -> {
            assertThat(status.scope()).isEqualTo(AddressScope.LINK);
            assertThat(status.label()).contains(label);
        });
    }

    @Test
    void renewingLeavesScopeAndLabelAsTheyWere() {
        InterfaceAddress plain = permanent("192.0.2.10", 32);
        apply(new AddressOp.AddAddress(plain));

        apply(new AddressOp.RenewAddress(new InterfaceAddress(
                plain.key(), Optional.of(LEASE), AddressScope.HOST, Optional.of(interfaceName() + ":x"))));

        assertThat(ours()).singleElement().satisfies(status -> {
            assertThat(status.remaining()).isPresent();
            assertThat(status.scope()).isEqualTo(AddressScope.GLOBAL);
            assertThat(status.label()).isEmpty();
        });
    }

    @Test
    void saysThatWhatWasAddedIsOurs() {
        apply(
                new AddressOp.AddAddress(permanent("192.0.2.10", 32)),
                new AddressOp.AddAddress(leased("2001:db8::10", 128)));
        apply(new AddressOp.RenewAddress(leased("192.0.2.10", 32)));

        assertThat(AddressReconciler.owned(
                        table().readAddresses(), Set.of(key("192.0.2.10", 32), key("2001:db8::10", 128))))
                .containsExactlyInAnyOrder(key("192.0.2.10", 32), key("2001:db8::10", 128));
    }

    @Test
    void whatIsPreparedCanBeRunAgainAndAgain() {
        PreparedOps take = table().prepare(List.of(
                new AddressOp.RenewAddress(leased("192.0.2.10", 32)),
                new AddressOp.RenewAddress(leased("2001:db8::10", 128))));
        PreparedOps leave = table().prepare(List.of(
                new AddressOp.DeleteAddress(key("192.0.2.10", 32)),
                new AddressOp.DeleteAddress(key("2001:db8::10", 128))));
        assertThat(ours()).isEmpty();

        for (int i = 0; i < 3; i++) {
            assertThat(take.run()).isEqualTo(new AddressReport(2, List.of()));
            assertThat(ours()).hasSize(2);
            assertThat(leave.run()).isEqualTo(new AddressReport(2, List.of()));
            assertThat(ours()).isEmpty();
        }
        assertThat(leave.run().failures())
                .extracting(failure -> failure.cause().errno())
                .containsExactly(Errno.EADDRNOTAVAIL, Errno.EADDRNOTAVAIL);
    }

    @Test
    void anInterfaceThatIsNotThereCannotBeSwitchedOrDeleted() {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> table().switchInterface("fl-none", true))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> table().deleteInterface("fl-none"))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    }
}
