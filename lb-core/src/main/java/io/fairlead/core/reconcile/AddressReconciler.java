package io.fairlead.core.reconcile;

import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Computes the operations that give the machine the addresses it should have.
 *
 * <p>Order, which is the contract: the removals that additions wait for, additions, renewals, the other removals. An addition
 * waits for a removal where the kernel could not hold both: another prefix length of the same IPv6 address, another scope or
 * label of the same IPv4 address.
 *
 * <p>An address is ours if it is in {@code owned}. Of the others none is ever changed or removed, not even one that we want:
 * it serves as it is and is reported.
 */
public final class AddressReconciler {

    private AddressReconciler() {}

    /**
     * Compares what is wanted with what is there.
     *
     * @param desired no two of the same key
     * @param owned what is ours, whether it is still there or not: see {@link #owned}
     */
    public static AddressPlan plan(
            Collection<InterfaceAddress> desired,
            Collection<InterfaceAddressStatus> actual,
            Set<InterfaceAddressKey> owned) {
        Map<InterfaceAddressKey, InterfaceAddress> wanted = new TreeMap<>();
        desired.forEach(address -> wanted.put(address.key(), address));
        Map<InterfaceAddressKey, InterfaceAddressStatus> present = new TreeMap<>();
        actual.forEach(status -> present.put(status.key(), status));

        List<AddressOp> removalsFirst = new ArrayList<>();
        List<AddressOp> additions = new ArrayList<>();
        List<AddressOp> renewals = new ArrayList<>();
        List<InterfaceAddressKey> foreign = new ArrayList<>();
        for (InterfaceAddress address : wanted.values()) {
            InterfaceAddressStatus status = present.get(address.key());
            if (status == null) {
                additions.add(new AddressOp.AddAddress(address));
            } else if (!owned.contains(address.key())) {
                foreign.add(address.key());
            } else if (status.scope() != address.scope() || !status.label().equals(address.label())) {
                removalsFirst.add(new AddressOp.DeleteAddress(address.key()));
                additions.add(new AddressOp.AddAddress(address));
            } else if (isDue(address, status)) {
                renewals.add(new AddressOp.RenewAddress(address));
            }
        }
        List<AddressOp> removalsLast = new ArrayList<>();
        for (InterfaceAddressKey key : present.keySet()) {
            if (owned.contains(key) && !wanted.containsKey(key)) {
                (isInTheWay(key, wanted.keySet()) ? removalsFirst : removalsLast).add(new AddressOp.DeleteAddress(key));
            }
        }
        List<AddressOp> ops = new ArrayList<>(removalsFirst);
        ops.addAll(additions);
        ops.addAll(renewals);
        ops.addAll(removalsLast);
        return new AddressPlan(ops, foreign);
    }

    /**
     * Returns which of {@code actual} are ours: those that say so, and on a kernel whose addresses say nothing those that are
     * remembered. Where addresses do say who made them, one that is remembered and does not say so is somebody else's by now.
     *
     * @param remembered what we know to have added since this machine was booted
     */
    public static Set<InterfaceAddressKey> owned(
            Collection<InterfaceAddressStatus> actual, Set<InterfaceAddressKey> remembered) {
        boolean origins = actual.stream().anyMatch(status -> status.origin() != 0);
        Set<InterfaceAddressKey> owned = new TreeSet<>();
        for (InterfaceAddressStatus status : actual) {
            if (status.origin() == InterfaceAddressStatus.OURS || (!origins && remembered.contains(status.key()))) {
                owned.add(status.key());
            }
        }
        return owned;
    }

    /** A lease is renewed when half of it has passed, and when the lifetime found is not of the kind wanted. */
    private static boolean isDue(InterfaceAddress address, InterfaceAddressStatus status) {
        if (address.lease().isEmpty() || status.remaining().isEmpty()) {
            return address.lease().isPresent() || status.remaining().isPresent();
        }
        Duration lease = address.lease().orElseThrow();
        Duration remaining = status.remaining().orElseThrow();
        return remaining.compareTo(lease.dividedBy(2)) <= 0 || remaining.compareTo(lease) > 0;
    }

    private static boolean isInTheWay(InterfaceAddressKey key, Set<InterfaceAddressKey> wanted) {
        return key.address().family() == IpFamily.IPV6
                && wanted.stream()
                        .anyMatch(other -> other.interfaceName().equals(key.interfaceName())
                                && other.address().equals(key.address()));
    }
}
