package io.fairlead.appliance.election;

import io.fairlead.conf.ElectionUnit;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.Cause;
import io.fairlead.ha.runtime.ElectionObserver;
import io.fairlead.ha.runtime.UnitStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From which addresses no reset is sent for a connection that this host does not know: those of every unit that it is not
 * master of, and of one that it has become master of, until the predecessor's kernel must have told of all its connections.
 * A client whose packets come too early thereby sends them again, instead of being told that its connection is gone.
 *
 * <p>Where an address is not held the rule meets no packet. So nothing has to be done at the moment of a takeover.
 */
final class QuietAddresses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QuietAddresses.class);

    /** In the kernel a connection waits up to two seconds for others to be told of with it, and is looked at once a second. */
    private static final Duration TOLD = Duration.ofSeconds(5);

    /** Whom to tell. */
    @FunctionalInterface
    public interface Sink {
        /** May wait for a moment. */
        void keepQuiet(Set<IpAddress> addresses) throws InterruptedException;
    }

    private final Sink sink;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("fairlead-quiet").daemon().factory());

    /** Owned by the thread, as all below. */
    private List<ElectionUnit> units = List.of();

    /** By id of the unit that this host is master of: what settles it. */
    private final Map<Integer, Future<?>> masters = new HashMap<>();

    private final Set<Integer> settled = new HashSet<>();
    private Set<IpAddress> told = Set.of();

    QuietAddresses(Sink sink) {
        this.sink = sink;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Keeps these units' addresses quiet, and no others. */
    void follow(List<ElectionUnit> wanted) {
        hand(() -> {
            units = List.copyOf(wanted);
            tell();
        });
    }

    /** Returns an observer that hears of the election here, and then there. */
    ElectionObserver before(ElectionObserver next) {
        return new ElectionObserver() {
            @Override
            public void roleChanged(UnitStatus before, UnitStatus now) {
                int unit = now.spec().id();
                boolean master = now.role().claims();
                hand(() -> changed(unit, master));
                next.roleChanged(before, now);
            }

            @Override
            public void noted(UnitStatus unit, Cause cause) {
                next.noted(unit, cause);
            }
        };
    }

    private void changed(int unit, boolean master) {
        if (master) {
            masters.computeIfAbsent(
                    unit, _ -> thread.schedule(() -> settle(unit), TOLD.toMillis(), TimeUnit.MILLISECONDS));
            return;
        }
        Future<?> settling = masters.remove(unit);
        if (settling != null) {
            boolean _ = settling.cancel(false);
        }
        settled.remove(unit);
        tell();
    }

    private void settle(int unit) {
        settled.add(unit);
        tell();
    }

    private void tell() {
        Set<IpAddress> quiet = new HashSet<>();
        for (ElectionUnit unit : units) {
            if (!settled.contains(unit.spec().id())) {
                unit.addresses().forEach(key -> quiet.add(key.address()));
            }
        }
        if (quiet.equals(told)) {
            return;
        }
        try {
            sink.keepQuiet(quiet);
            told = quiet;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hand(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("Which addresses are to be quiet is not told any more", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
