package io.fairlead.appliance.address;

import io.fairlead.appliance.address.AddressView.Line;
import io.fairlead.appliance.address.AddressView.State;
import io.fairlead.core.announce.AnnouncementSpec;
import io.fairlead.core.announce.AnnouncementState;
import io.fairlead.core.kernel.AddressReport;
import io.fairlead.core.kernel.AddressReport.OpFailure;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.AnnouncementReport;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.NeighborAnnouncer;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.core.reconcile.AddressPlan;
import io.fairlead.core.reconcile.AddressReconciler;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives interfaces the addresses that are configured, tells the neighbours, and repairs what others change. Time is an
 * argument; owned by one thread.
 *
 * <pre>
 *   follow, or a pass that is due:
 *     dummy interfaces ──► addresses there, whose they are ──► plan ──► kernel ──► announce what is new
 * </pre>
 *
 * <p>An address that left the configuration stays while a virtual server that drains still uses it.
 */
final class AddressFollower {

    private static final Logger LOG = LoggerFactory.getLogger(AddressFollower.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    /** Bounds what one look sends; the next follows at once. */
    private static final int ANNOUNCED_AT_ONCE_MAX = 256;

    private final AddressTable table;
    private final NeighborAnnouncer announcer;
    private final BooleanSupplier routing;
    private final Supplier<Optional<Set<IpAddress>>> inUse;
    private final AddressMemory memory;

    private List<VirtualAddressSpec> specs = List.of();
    /** Put there by another part of this process: neither ours to keep nor to remove. */
    private Set<InterfaceAddressKey> reserved = Set.of();

    private Duration interval = Duration.ofHours(1);
    private Optional<MonotonicInstant> passAt = Optional.empty();
    private Set<InterfaceAddressKey> remembered;
    /** What was there and ours after the last pass. */
    private Set<InterfaceAddressKey> held = new TreeSet<>();

    private Map<String, InterfaceStatus> interfaces = Map.of();
    private final Map<InterfaceAddressKey, AnnouncementState> announcing = new TreeMap<>();
    private AddressView view = AddressView.NONE;

    /**
     * Creates a follower that has nothing to follow yet.
     *
     * @param routing whether this host forwards IPv6
     * @param inUse the addresses of virtual servers that left the configuration and drain; empty if that is not known
     * @param remembered what is ours by memory
     */
    AddressFollower(
            AddressTable table,
            NeighborAnnouncer announcer,
            BooleanSupplier routing,
            Supplier<Optional<Set<IpAddress>>> inUse,
            Set<InterfaceAddressKey> remembered,
            AddressMemory memory) {
        this.table = table;
        this.announcer = announcer;
        this.routing = routing;
        this.inUse = inUse;
        this.remembered = new TreeSet<>(remembered);
        this.memory = memory;
    }

    AddressView view() {
        return view;
    }

    /** Brings the addresses about, and from now on keeps them so, looking every {@code interval}. */
    void follow(
            List<VirtualAddressSpec> specs,
            Set<InterfaceAddressKey> reserved,
            Duration interval,
            MonotonicInstant now) {
        this.specs = specs;
        this.reserved = Set.copyOf(reserved);
        this.interval = interval;
        pass(false, now);
        announceDue(now);
    }

    /** Does what is due. */
    void tick(MonotonicInstant now) {
        if (passAt.isPresent() && !now.isBefore(passAt.get())) {
            pass(true, now);
        }
        announceDue(now);
    }

    /** Returns when something is due next. */
    Optional<MonotonicInstant> nextWakeup() {
        Optional<MonotonicInstant> earliest = passAt;
        for (AnnouncementState state : announcing.values()) {
            if (state.next().isPresent()
                    && (earliest.isEmpty() || state.next().get().isBefore(earliest.get()))) {
                earliest = state.next();
            }
        }
        return earliest;
    }

    /** Returns what following {@code others} would do at once, while {@code draining} have to stay. */
    AddressPlan plan(List<VirtualAddressSpec> others, Set<IpAddress> draining) {
        List<InterfaceAddressStatus> actual = table.readAddresses();
        Set<InterfaceAddressKey> owned = owned(actual);
        Map<InterfaceAddressKey, InterfaceAddress> wanted = wanted(others, owned);
        for (InterfaceAddressKey key : owned) {
            if (draining.contains(key.address())) {
                wanted.putIfAbsent(key, new InterfaceAddress(key, Optional.empty()));
            }
        }
        return AddressReconciler.plan(wanted.values(), actual, owned);
    }

    private Set<InterfaceAddressKey> owned(List<InterfaceAddressStatus> actual) {
        Set<InterfaceAddressKey> owned = new TreeSet<>(AddressReconciler.owned(actual, remembered));
        owned.removeAll(reserved);
        return owned;
    }

    /** Removes the addresses that are not to outlive us. */
    void stop() {
        List<AddressOp> removals = new ArrayList<>();
        for (VirtualAddressSpec spec : specs) {
            for (InterfaceAddress address : spec.removeOnStop() ? spec.addresses() : List.<InterfaceAddress>of()) {
                if (held.contains(address.key())) {
                    removals.add(new AddressOp.DeleteAddress(address.key()));
                }
            }
        }
        passAt = Optional.empty();
        announcing.clear();
        if (removals.isEmpty()) {
            return;
        }
        try {
            AddressReport report = table.apply(removals);
            for (AddressOp removal : removals) {
                held.remove(removal.key());
            }
            remember(held);
            LOG.info(
                    "Virtual addresses removed count={} refused={}",
                    report.carriedOut(),
                    report.failures().size());
        } catch (KernelException e) {
            LOG.warn("Cannot remove virtual addresses: {}", e.getMessage());
        }
    }

    /** What is configured, and what must stay because connections go through it. */
    private Map<InterfaceAddressKey, InterfaceAddress> wanted(
            List<VirtualAddressSpec> specs, Set<InterfaceAddressKey> owned) {
        Map<InterfaceAddressKey, InterfaceAddress> wanted = new LinkedHashMap<>();
        for (VirtualAddressSpec spec : specs) {
            spec.addresses().forEach(address -> wanted.put(address.key(), address));
        }
        List<InterfaceAddressKey> leftovers =
                owned.stream().filter(key -> !wanted.containsKey(key)).toList();
        if (!leftovers.isEmpty()) {
            Optional<Set<IpAddress>> draining = inUse.get();
            for (InterfaceAddressKey key : leftovers) {
                if (draining.isEmpty() || draining.get().contains(key.address())) {
                    wanted.put(key, new InterfaceAddress(key, Optional.empty()));
                }
            }
        }
        return wanted;
    }

    /** @param audit whether what differs is somebody else's doing, and not that of a new configuration */
    private void pass(boolean audit, MonotonicInstant now) {
        List<String> failingBefore = view.failing();
        List<String> failing = new ArrayList<>();
        try {
            makeDummies(failing);
            Map<String, InterfaceStatus> before = interfaces;
            interfaces = byName(table.readInterfaces());
            pass(audit, before, failing, now);
        } catch (KernelException e) {
            failing.add(String.valueOf(e.getMessage()));
            view = new AddressView(view.addresses(), view.drift(), failing);
        }
        if (!failing.isEmpty() && !failing.equals(failingBefore)) {
            LOG.warn("Virtual addresses are behind count={} first=\"{}\"", failing.size(), failing.getFirst());
        } else if (failing.isEmpty() && !failingBefore.isEmpty()) {
            LOG.info("Virtual addresses are as they should be again");
        }
        boolean soon = !failing.isEmpty() || view.addresses().stream().anyMatch(line -> line.state() == State.LEAVING);
        boolean idle = specs.isEmpty() && held.isEmpty() && !soon;
        passAt = idle ? Optional.empty() : Optional.of(now.plus(soon ? RETRY_PAUSE : interval));
    }

    private void pass(boolean audit, Map<String, InterfaceStatus> before, List<String> failing, MonotonicInstant now) {
        List<InterfaceAddressStatus> actual = table.readAddresses();
        Set<InterfaceAddressKey> owned = owned(actual);
        Map<InterfaceAddressKey, InterfaceAddress> wanted = wanted(specs, owned);
        List<InterfaceAddress> possible = new ArrayList<>();
        Set<String> absent = new TreeSet<>();
        for (InterfaceAddress address : wanted.values()) {
            String name = address.key().interfaceName();
            if (interfaces.containsKey(name)) {
                possible.add(address);
            } else if (absent.add(name)) {
                failing.add("interface " + name + " is not there");
            }
        }
        AddressPlan plan = AddressReconciler.plan(possible, actual, owned);
        long drift = audit ? repairs(plan) : 0;
        AddressReport report = table.apply(plan.ops());
        report.failures()
                .forEach(failure -> failing.add(String.valueOf(failure.cause().getMessage())));
        if (report.carriedOut() > 0) {
            LOG.info("Virtual addresses changed operations={} repaired={}", report.carriedOut(), drift);
        }
        note(plan, report, owned, possible);
        announceChanges(plan, report, before, now);
        view = view(wanted, actual, plan, drift, failing);
    }

    private long repairs(AddressPlan plan) {
        return plan.ops().stream()
                .filter(op -> !(op instanceof AddressOp.DeleteAddress))
                .filter(op -> held.contains(op.key()))
                .count();
    }

    private void makeDummies(List<String> failing) {
        Map<String, InterfaceStatus> there = Map.of();
        for (VirtualAddressSpec spec : specs) {
            if (spec.dummy()) {
                there = there.isEmpty() ? byName(table.readInterfaces()) : there;
                makeDummy(spec.interfaceName(), there.get(spec.interfaceName()), failing);
            }
        }
    }

    private void makeDummy(String name, @Nullable InterfaceStatus status, List<String> failing) {
        try {
            if (status == null) {
                table.createDummy(name);
                LOG.info("Dummy interface made name={}", name);
            }
            if (status == null || !status.up()) {
                table.switchInterface(name, true);
            }
        } catch (KernelException e) {
            failing.add(e.getMessage() + " (expected: module dummy)");
        }
    }

    private static Map<String, InterfaceStatus> byName(List<InterfaceStatus> statuses) {
        Map<String, InterfaceStatus> byName = new HashMap<>();
        statuses.forEach(status -> byName.put(status.name(), status));
        return byName;
    }

    private void note(
            AddressPlan plan, AddressReport report, Set<InterfaceAddressKey> owned, List<InterfaceAddress> possible) {
        Set<InterfaceAddressKey> refused = refused(report);
        Set<InterfaceAddressKey> now = new TreeSet<>();
        for (InterfaceAddress address : possible) {
            boolean ours = owned.contains(address.key()) || !plan.foreign().contains(address.key());
            if (ours && !refused.contains(address.key())) {
                now.add(address.key());
            }
        }
        held = now;
        Set<InterfaceAddressKey> ours = new TreeSet<>(now);
        for (InterfaceAddressKey key : refused) {
            if (owned.contains(key)) {
                ours.add(key); // still there, and still ours to remove
            }
        }
        remember(ours);
    }

    private void remember(Set<InterfaceAddressKey> ours) {
        if (!ours.equals(remembered)) {
            remembered = new TreeSet<>(ours);
            memory.noteAddresses(Set.copyOf(ours));
        }
    }

    private static Set<InterfaceAddressKey> refused(AddressReport report) {
        Set<InterfaceAddressKey> refused = new TreeSet<>();
        for (OpFailure failure : report.failures()) {
            refused.add(failure.op().key());
        }
        return refused;
    }

    /** What has come is announced; so is what is on an interface that was gone, off, or unplugged, or that is another one. */
    private void announceChanges(
            AddressPlan plan, AddressReport report, Map<String, InterfaceStatus> before, MonotonicInstant now) {
        Set<InterfaceAddressKey> refused = refused(report);
        for (AddressOp op : plan.ops()) {
            if (op instanceof AddressOp.AddAddress && !refused.contains(op.key())) {
                announcing.put(op.key(), AnnouncementState.begun(now));
            }
        }
        announcing.keySet().retainAll(held);
        for (InterfaceAddressKey key : held) {
            InterfaceStatus was = before.get(key.interfaceName());
            InterfaceStatus is = interfaces.get(key.interfaceName());
            boolean returned = is != null && is.carrier() && (was == null || !was.carrier());
            boolean other = is != null && was != null && !was.hardwareAddress().equals(is.hardwareAddress());
            if (returned || other) {
                announcing.put(key, AnnouncementState.begun(now));
            }
        }
    }

    private void announceDue(MonotonicInstant now) {
        List<InterfaceAddressKey> due = new ArrayList<>();
        for (Map.Entry<InterfaceAddressKey, AnnouncementState> entry : announcing.entrySet()) {
            if (entry.getValue().isDue(now) && due.size() < ANNOUNCED_AT_ONCE_MAX) {
                due.add(entry.getKey());
            }
        }
        if (due.isEmpty()) {
            return;
        }
        AnnouncementReport report = announcer
                .prepare(due, List.copyOf(interfaces.values()), routing.getAsBoolean())
                .send();
        if (!report.failures().isEmpty()) {
            LOG.debug("Cannot announce", report.failures().getFirst());
        }
        for (InterfaceAddressKey key : due) {
            announcing.computeIfPresent(key, (_, state) -> state.sent(spec(key), now));
        }
    }

    private AnnouncementSpec spec(InterfaceAddressKey key) {
        for (VirtualAddressSpec spec : specs) {
            if (spec.interfaceName().equals(key.interfaceName())
                    && spec.addresses().stream()
                            .anyMatch(address -> address.key().equals(key))) {
                return spec.announcements();
            }
        }
        return AnnouncementSpec.DEFAULT;
    }

    private AddressView view(
            Map<InterfaceAddressKey, InterfaceAddress> wanted,
            List<InterfaceAddressStatus> actual,
            AddressPlan plan,
            long drift,
            List<String> failing) {
        Set<InterfaceAddressKey> unusable = new TreeSet<>();
        actual.stream().filter(status -> !status.usable()).forEach(status -> unusable.add(status.key()));
        List<Line> lines = new ArrayList<>();
        Set<InterfaceAddressKey> configured = new TreeSet<>();
        for (VirtualAddressSpec spec : specs) {
            for (InterfaceAddress address : spec.addresses()) {
                configured.add(address.key());
                lines.add(new Line(spec.name(), address.key(), state(address.key(), plan, unusable)));
            }
        }
        for (InterfaceAddressKey key : wanted.keySet()) {
            if (!configured.contains(key)) {
                lines.add(new Line("", key, State.LEAVING));
            }
        }
        return new AddressView(lines, view.drift() + drift, failing);
    }

    private State state(InterfaceAddressKey key, AddressPlan plan, Set<InterfaceAddressKey> unusable) {
        if (plan.foreign().contains(key)) {
            return State.FOREIGN;
        }
        if (!held.contains(key)) {
            return State.MISSING;
        }
        return unusable.contains(key) ? State.UNUSABLE : State.PRESENT;
    }
}
