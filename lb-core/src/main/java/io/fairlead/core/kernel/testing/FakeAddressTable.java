package io.fairlead.core.kernel.testing;

import io.fairlead.core.kernel.AddressReport;
import io.fairlead.core.kernel.AddressReport.OpFailure;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.reconcile.AddressOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Interfaces and addresses in memory that refuse what the kernel refuses. Its clock moves by {@link #pass} alone. */
public final class FakeAddressTable implements AddressTable {

    private static final int MTU_BYTES = 1500;

    private final Map<String, InterfaceStatus> interfaces = new TreeMap<>();
    private final Map<InterfaceAddressKey, InterfaceAddressStatus> addresses = new TreeMap<>();
    private int lastIndex;
    private Optional<KernelException> failure = Optional.empty();

    /** Lets time pass: leases run, and addresses whose lease has run out are gone. */
    public void pass(Duration time) {
        addresses.replaceAll((key, status) -> new InterfaceAddressStatus(
                key,
                status.remaining().map(left -> left.minus(time)),
                status.origin(),
                status.usable(),
                status.scope(),
                status.label()));
        addresses
                .values()
                .removeIf(status ->
                        status.remaining().filter(left -> !left.isPositive()).isPresent());
    }

    /** Puts an address there as somebody else would. */
    public void addForeign(InterfaceAddressKey key) {
        addresses.put(
                key, new InterfaceAddressStatus(key, Optional.empty(), 0, true, AddressScope.GLOBAL, Optional.empty()));
    }

    /** Adds an interface with a cable and neighbours, and switches it on. */
    public void addEthernet(String interfaceName) {
        int index = ++lastIndex;
        interfaces.put(
                interfaceName,
                new InterfaceStatus(
                        interfaceName,
                        index,
                        true,
                        true,
                        MTU_BYTES,
                        Optional.of(new HardwareAddress(0x0200_0000_0000L + index))));
    }

    /** Refuses everything from now on, or no more. */
    public void failWith(Optional<KernelException> failure) {
        this.failure = failure;
    }

    @Override
    public List<InterfaceStatus> readInterfaces() {
        failure.ifPresent(FakeAddressTable::fail);
        return List.copyOf(interfaces.values());
    }

    @Override
    public List<InterfaceAddressStatus> readAddresses() {
        failure.ifPresent(FakeAddressTable::fail);
        return List.copyOf(addresses.values());
    }

    private static void fail(KernelException e) {
        throw e;
    }

    @Override
    public PreparedOps prepare(List<AddressOp> ops) {
        List<AddressOp> prepared = List.copyOf(ops);
        return () -> runAll(prepared);
    }

    private AddressReport runAll(List<AddressOp> ops) {
        failure.ifPresent(FakeAddressTable::fail);
        int carriedOut = 0;
        List<OpFailure> failures = new ArrayList<>();
        for (AddressOp op : ops) {
            int errno = run(op);
            if (errno == 0) {
                carriedOut++;
            } else {
                failures.add(new OpFailure(op, new ErrnoException(op.toString(), errno, "")));
            }
        }
        return new AddressReport(carriedOut, failures);
    }

    private int run(AddressOp op) {
        if (!interfaces.containsKey(op.key().interfaceName())) {
            return Errno.ENODEV;
        }
        return switch (op) {
            case AddressOp.AddAddress(var address) -> {
                if (isTaken(address.key())) {
                    yield Errno.EEXIST;
                }
                hold(address);
                yield 0;
            }
            case AddressOp.RenewAddress(var address) -> {
                InterfaceAddressStatus before = addresses.get(address.key());
                hold(before == null ? address : renewed(address, before));
                yield 0;
            }
            case AddressOp.DeleteAddress(var key) -> addresses.remove(key) == null ? Errno.EADDRNOTAVAIL : 0;
        };
    }

    /** IPv6 has an address once on an interface; IPv4 once per prefix length. */
    private boolean isTaken(InterfaceAddressKey key) {
        return addresses.containsKey(key)
                || (key.address().family() == IpFamily.IPV6
                        && addresses.keySet().stream()
                                .anyMatch(other -> other.interfaceName().equals(key.interfaceName())
                                        && other.address().equals(key.address())));
    }

    /** As the kernel, changes the lifetime alone of an address that is there. */
    private static InterfaceAddress renewed(InterfaceAddress address, InterfaceAddressStatus before) {
        return new InterfaceAddress(address.key(), address.lease(), before.scope(), before.label());
    }

    private void hold(InterfaceAddress address) {
        addresses.put(
                address.key(),
                new InterfaceAddressStatus(
                        address.key(),
                        address.lease(),
                        InterfaceAddressStatus.OURS,
                        true,
                        address.scope(),
                        address.label()));
    }

    @Override
    public void createDummy(String interfaceName) {
        if (interfaces.containsKey(interfaceName)) {
            throw new ErrnoException("create interface " + interfaceName, Errno.EEXIST, "");
        }
        interfaces.put(
                interfaceName,
                new InterfaceStatus(interfaceName, ++lastIndex, false, false, MTU_BYTES, Optional.empty()));
    }

    @Override
    public void deleteInterface(String interfaceName) {
        require("delete interface ", interfaceName);
        interfaces.remove(interfaceName);
        addresses.keySet().removeIf(key -> key.interfaceName().equals(interfaceName));
    }

    @Override
    public void switchInterface(String interfaceName, boolean up) {
        InterfaceStatus status = require("switch interface ", interfaceName);
        interfaces.put(
                interfaceName,
                new InterfaceStatus(
                        interfaceName, status.index(), up, up, status.mtuBytes(), status.hardwareAddress()));
    }

    private InterfaceStatus require(String operation, String interfaceName) {
        InterfaceStatus status = interfaces.get(interfaceName);
        if (status == null) {
            throw new ErrnoException(operation + interfaceName, Errno.ENODEV, "");
        }
        return status;
    }
}
