package io.fairlead.appliance.host;

import io.fairlead.appliance.host.HostView.ModuleLine;
import io.fairlead.appliance.host.HostView.SysctlLine;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.execute.SysctlFollower;
import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.ModuleTable;
import io.fairlead.core.kernel.SysctlTable;
import io.fairlead.core.model.SysctlSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the settings of the kernel as the configuration wants them, and tells which modules it lacks. Looks after them on a
 * thread of its own; whoever applies a configuration or asks for the status may call too. No call takes longer than a few
 * small files.
 */
public final class HostKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostKeeper.class);

    private final SysctlTable table;
    private final ModuleTable modules;
    private final SysctlMemory memory;
    private final SysctlFollower follower;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fairlead-host").daemon().factory());
    // Guarded by this.
    private SortedSet<String> needed = new TreeSet<>();
    private List<String> told = List.of();
    private Map<String, Original> noted;
    private Optional<Future<?>> audits = Optional.empty();

    /** @param remembered what an earlier process noted */
    public HostKeeper(SysctlTable table, ModuleTable modules, Map<String, Original> remembered, SysctlMemory memory) {
        this.table = table;
        this.modules = modules;
        this.memory = memory;
        this.noted = Map.copyOf(remembered);
        this.follower = new SysctlFollower(table, remembered);
    }

    /** Brings the settings of this configuration about. Returns what cannot be done. */
    public synchronized List<String> follow(FairleadConfig config) {
        needed = NeededModules.of(config);
        follower.follow(config.sysctls());
        note();
        audits.ifPresent(earlier -> earlier.cancel(false));
        long nanos = config.resyncInterval().toNanos();
        audits = Optional.of(executor.scheduleWithFixedDelay(this::auditOrSay, nanos, nanos, TimeUnit.NANOSECONDS));
        return tell();
    }

    /** Mends what somebody else changed, and tries again what could not be done. */
    private void auditOrSay() {
        try {
            audit();
        } catch (RuntimeException e) {
            LOG.error("Cannot look after the settings of the kernel", e);
        }
    }

    /** As the thread does by itself. */
    synchronized void audit() {
        long drift = follower.drift();
        follower.audit();
        if (follower.drift() > drift) {
            LOG.warn(
                    "Settings of the kernel were changed by others and are set again count={}",
                    follower.drift() - drift);
        }
        note();
        List<String> _ = tell();
    }

    private void note() {
        if (!follower.originals().equals(noted)) {
            noted = follower.originals();
            memory.noteSysctls(noted);
        }
    }

    /** Returns what {@link #follow} would set. */
    public synchronized List<SysctlSetting> plan(FairleadConfig config) {
        return follower.plan(config.sysctls());
    }

    /** Returns how the host stands; changes nothing. */
    public synchronized HostView look() {
        List<SysctlLine> lines = new ArrayList<>();
        for (SysctlSetting setting : follower.wanted().settings()) {
            lines.add(new SysctlLine(
                    setting.name(),
                    setting.value(),
                    value(setting.name()),
                    Optional.ofNullable(follower.originals().get(setting.name()))
                            .map(Original::before)));
        }
        return new HostView(
                lines,
                follower.drift(),
                needed.stream()
                        .map(name -> new ModuleLine(name, modules.state(name)))
                        .toList(),
                told);
    }

    private Optional<String> value(String name) {
        try {
            return table.read(name);
        } catch (KernelException e) {
            return Optional.empty(); // among what fails
        }
    }

    /** Logs what fails when that changes. */
    private List<String> tell() {
        List<String> failing = new ArrayList<>(follower.failing());
        for (String module : needed) {
            if (modules.state(module) == ModuleTable.State.MISSING) {
                failing.add("kernel module " + module
                        + " is not on this host (expected: a kernel package that has it, or a kernel built with it)");
            }
        }
        if (!failing.equals(told)) {
            failing.stream().filter(failure -> !told.contains(failure)).forEach(failure -> LOG.warn("{}", failure));
            told = failing;
        }
        return failing;
    }

    /** Puts back the settings that are not to outlive us. */
    @Override
    public synchronized void close() {
        executor.shutdown();
        follower.stop();
        note();
    }
}
