package io.fairlead.appliance.election;

import io.fairlead.core.kernel.AddressReport;
import io.fairlead.core.kernel.AddressReport.OpFailure;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.AddressTable.PreparedOps;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.NeighborAnnouncer;
import io.fairlead.core.kernel.NeighborAnnouncer.PreparedAnnouncement;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.ha.runtime.UnitAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a unit in the kernel. What is said to it is encoded beforehand, so that the moment of a takeover costs two
 * system calls for all addresses, and one for each announced frame. Used by the election's thread alone.
 */
final class KernelUnitAddresses implements UnitAddresses {

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final List<InterfaceAddressKey> keys;
    private final AddressTable table;
    private final NeighborAnnouncer announcer;
    private final BooleanSupplier routing;
    private @Nullable PreparedOps holding;
    private long holdingSeconds;
    private @Nullable PreparedOps removing;
    private @Nullable PreparedAnnouncement announcement;
    private volatile Optional<String> failure = Optional.empty();

    /**
     * @param lifetime for which the addresses will be held
     * @param routing whether this host forwards IPv6
     */
    KernelUnitAddresses(
            List<InterfaceAddressKey> keys,
            Duration lifetime,
            AddressTable table,
            NeighborAnnouncer announcer,
            BooleanSupplier routing) {
        this.keys = List.copyOf(keys);
        this.holdingSeconds = lifetime.toSeconds();
        this.table = table;
        this.announcer = announcer;
        this.routing = routing;
    }

    List<InterfaceAddressKey> keys() {
        return keys;
    }

    /** Returns what the kernel refused last, until it takes everything again. Any thread. */
    Optional<String> failure() {
        return failure;
    }

    @Override
    public boolean hold(long lifetimeNanos) {
        long seconds = Math.ceilDiv(lifetimeNanos, SECOND_NANOS);
        try {
            PreparedOps prepared = holding;
            if (prepared == null || holdingSeconds != seconds) {
                holdingSeconds = seconds;
                prepared = table.prepare(renewals());
                holding = prepared;
            }
            AddressReport report = prepared.run();
            if (report.failures().isEmpty()) {
                failure = Optional.empty();
                return true;
            }
            failed(String.valueOf(report.failures().getFirst().cause().getMessage()));
        } catch (KernelException e) {
            failed(String.valueOf(e.getMessage()));
        }
        boolean _ = remove();
        return false;
    }

    private void failed(String message) {
        failure = Optional.of(message);
        forget();
    }

    @Override
    public boolean remove() {
        try {
            PreparedOps prepared = removing;
            if (prepared == null) {
                prepared = table.prepare(removals(keys));
                removing = prepared;
            }
            return areGone(prepared.run());
        } catch (KernelException e) {
            failed(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private List<AddressOp> renewals() {
        Duration lifetime = Duration.ofSeconds(holdingSeconds);
        return keys.stream()
                .<AddressOp>map(key -> new AddressOp.RenewAddress(new InterfaceAddress(key, Optional.of(lifetime))))
                .toList();
    }

    private static List<AddressOp> removals(List<InterfaceAddressKey> keys) {
        return keys.stream().<AddressOp>map(AddressOp.DeleteAddress::new).toList();
    }

    /** What is not there, or whose interface is not, is gone. */
    private boolean areGone(AddressReport report) {
        for (OpFailure refused : report.failures()) {
            int errno = refused.cause().errno();
            if (errno == Errno.ENODEV) {
                forget(); // or it is there again, under another number
            } else if (errno != Errno.EADDRNOTAVAIL) {
                failed(String.valueOf(refused.cause().getMessage()));
                return false;
            }
        }
        return true;
    }

    @Override
    public void announce() {
        try {
            PreparedAnnouncement prepared = announcement;
            if (prepared == null) {
                prepared = prepareAnnouncement();
                announcement = prepared;
            }
            if (!prepared.send().failures().isEmpty()) {
                announcement = null;
            }
        } catch (KernelException e) {
            announcement = null; // tried again with the next of the series
        }
    }

    private void forget() {
        holding = null;
        removing = null;
        announcement = null;
    }

    @Override
    public void prepare() {
        forget();
        try {
            holding = table.prepare(renewals());
            removing = table.prepare(removals(keys));
            announcement = prepareAnnouncement();
        } catch (KernelException e) {
            forget(); // the interface is not there: seen again when it comes
        }
    }

    private PreparedAnnouncement prepareAnnouncement() {
        return announcer.prepare(keys, table.readInterfaces(), routing.getAsBoolean());
    }

    @Override
    public boolean removeAllBut(UnitAddresses successor) {
        List<InterfaceAddressKey> gone = new ArrayList<>(keys);
        if (successor instanceof KernelUnitAddresses other) {
            gone.removeAll(other.keys);
        }
        try {
            return areGone(table.apply(removals(gone)));
        } catch (KernelException e) {
            failed(String.valueOf(e.getMessage()));
            return false;
        }
    }
}
