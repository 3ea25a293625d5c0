package io.fairlead.appliance.state;

import io.fairlead.appliance.address.AddressMemory;
import io.fairlead.appliance.host.SysctlMemory;
import io.fairlead.appliance.state.SavedState.AddressEntries;
import io.fairlead.appliance.state.SavedState.SysctlEntries;
import io.fairlead.appliance.state.SavedState.VirtualServerEntry;
import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.shared.Wishes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the state file true, on a thread of its own, so that no disk ever delays a decision. Who notes a change puts it into
 * the one slot that there is; what is noted while the file is being written is written next, in one go. The slot holds at
 * most one entry for each virtual server and each override.
 *
 * <p>A disk that fails is reported once and tried again; the appliance does its work without.
 */
public final class StateKeeper implements PoolMemory, AddressMemory, SysctlMemory, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);
    /** Between two writings that nobody waits for. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final StateFile file;
    private final String bootId = readBootId();
    private final Ticker ticker;
    private final Memory memory;
    private final Thread writer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private Map<VirtualServerKey, Optional<PoolState>> pools = new HashMap<>();
    private Optional<Wishes> wishes = Optional.empty();
    private Optional<Set<InterfaceAddressKey>> addresses = Optional.empty();
    private Optional<Map<String, Original>> sysctls = Optional.empty();
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean closing;

    // Owned by the writer.
    private final Map<VirtualServerKey, VirtualServerEntry> savedPools = new HashMap<>();
    private Wishes savedWishes;
    private AddressEntries savedAddresses;
    private SysctlEntries savedSysctls;
    private boolean failing;

    /** Loads the file and begins to keep it. What is wrong with it is logged. */
    public StateKeeper(StateFile file, Ticker ticker) {
        this.file = file;
        this.ticker = ticker;
        StateFile.Loaded loaded = file.load();
        loaded.problem().ifPresent(problem -> LOG.error("{}", problem));
        this.memory = recall(loaded.state());
        StateText text = text();
        memory.pools().forEach((key, state) -> savedPools.put(key, text.entry(key, state)));
        savedWishes = memory.wishes();
        savedAddresses = text.entries(memory.addresses());
        savedSysctls = text.sysctlEntries(memory.sysctls());
        this.writer = Thread.ofPlatform().name("fairlead-state").daemon().start(this::run);
    }

    private Memory recall(SavedState saved) {
        try {
            return text().memory(saved);
        } catch (IllegalArgumentException e) {
            LOG.error("State file has what nobody writes, and is not used: {}", e.getMessage());
            return Memory.NONE;
        }
    }

    /** Returns what the file said when it was loaded. */
    public Memory memory() {
        return memory;
    }

    @Override
    public void note(VirtualServerKey key, Optional<PoolState> state) {
        lock.lock();
        try {
            pools.put(key, state);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Notes the replica of what operators wish. */
    public void noteWishes(Wishes replica) {
        lock.lock();
        try {
            wishes = Optional.of(replica);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void noteAddresses(Set<InterfaceAddressKey> ours) {
        lock.lock();
        try {
            addresses = Optional.of(Set.copyOf(ours));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void noteSysctls(Map<String, Original> originals) {
        lock.lock();
        try {
            sysctls = Optional.of(Map.copyOf(originals));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Completes when all that was noted before is on the disk, or fails with why it is not. Any thread. */
    public CompletableFuture<Void> flush() {
        CompletableFuture<Void> written = new CompletableFuture<>();
        lock.lock();
        try {
            waiting.add(written);
            changed.signal();
        } finally {
            lock.unlock();
        }
        return written;
    }

    private void run() {
        try {
            while (take()) {
                write();
                pause();
            }
            write();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasWork() {
        return !pools.isEmpty()
                || wishes.isPresent()
                || addresses.isPresent()
                || sysctls.isPresent()
                || !waiting.isEmpty();
    }

    private boolean take() throws InterruptedException {
        lock.lock();
        try {
            while (!hasWork() && !closing) {
                changed.await();
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    /** Until the pause is over, or somebody waits. */
    private void pause() throws InterruptedException {
        lock.lock();
        try {
            long nanos = PAUSE.toNanos();
            while (nanos > 0 && waiting.isEmpty() && !closing) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        Map<VirtualServerKey, Optional<PoolState>> newPools;
        Optional<Wishes> newWishes;
        Optional<Set<InterfaceAddressKey>> newAddresses;
        Optional<Map<String, Original>> newSysctls;
        List<CompletableFuture<Void>> toTell;
        lock.lock();
        try {
            newPools = pools;
            newWishes = wishes;
            newAddresses = addresses;
            newSysctls = sysctls;
            toTell = waiting;
            pools = new HashMap<>();
            wishes = Optional.empty();
            addresses = Optional.empty();
            sysctls = Optional.empty();
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        boolean differs = merge(newPools);
        if (newWishes.isPresent()) {
            differs |= !newWishes.get().equals(savedWishes);
            savedWishes = newWishes.get();
        }
        if (newAddresses.isPresent()) {
            AddressEntries now = text().entries(newAddresses.get());
            differs |= !now.equals(savedAddresses);
            savedAddresses = now;
        }
        if (newSysctls.isPresent()) {
            SysctlEntries now = text().sysctlEntries(newSysctls.get());
            differs |= !now.equals(savedSysctls);
            savedSysctls = now;
        }
        try {
            if (differs || failing) {
                file.write(new SavedState(
                        List.copyOf(savedPools.values()),
                        StateText.overrides(savedWishes),
                        savedAddresses,
                        savedSysctls,
                        StateText.entries(savedWishes)));
                if (failing) {
                    LOG.info("State file is written again");
                }
                failing = false;
            }
            toTell.forEach(told -> told.complete(null));
        } catch (IOException e) {
            if (!failing) {
                LOG.error("State file cannot be written; a restart would not remember: {}", e.toString());
            }
            failing = true;
            toTell.forEach(told -> told.completeExceptionally(new CompletionException(e)));
        }
    }

    /** Returns whether the file says something else now. */
    private boolean merge(Map<VirtualServerKey, Optional<PoolState>> newPools) {
        StateText text = text();
        boolean differs = false;
        for (Map.Entry<VirtualServerKey, Optional<PoolState>> entry : newPools.entrySet()) {
            VirtualServerKey key = entry.getKey();
            if (entry.getValue().isEmpty()) {
                differs |= savedPools.remove(key) != null;
            } else {
                VirtualServerEntry now = text.entry(key, entry.getValue().get());
                differs |= !now.equals(savedPools.put(key, now));
            }
        }
        return differs;
    }

    private StateText text() {
        return new StateText(Instant.now(), ticker.now(), bootId);
    }

    private static String readBootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "unknown at " + Instant.now(); // nothing that was noted before is of this boot, for all we know
        }
    }

    /** Writes what is left and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (!writer.join(STOP_TIMEOUT)) {
                LOG.warn("State file was not written within {}", STOP_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
