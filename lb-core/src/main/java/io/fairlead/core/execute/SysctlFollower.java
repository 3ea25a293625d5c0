package io.fairlead.core.execute;

import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.SysctlTable;
import io.fairlead.core.model.SysctlSetting;
import io.fairlead.core.policy.SysctlSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the kernel's settings follow what is wanted, and remembers what was there before us. Owned by one thread.
 *
 * <pre>
 *   wanted, and the kernel has another value   set; the first time the value before is remembered
 *   wanted, and changed by somebody else       set again, and counted as drift
 *   not wanted any more, still as we set it    put back to what it was before us, and forgotten
 *   not wanted any more, changed by others     forgotten: it is theirs now
 * </pre>
 *
 * A setting that the kernel does not have, or refuses, is told and tried again.
 */
public final class SysctlFollower {

    private final SysctlTable table;
    private final Map<String, Original> originals = new TreeMap<>();
    private SysctlSpec wanted = SysctlSpec.NONE;
    private final Map<String, String> failing = new LinkedHashMap<>();
    private long drift;

    /**
     * What one setting was before us.
     *
     * @param before its value then
     * @param ours what we set it to
     */
    public record Original(String before, String ours) {}

    /** @param remembered the originals that an earlier process noted */
    public SysctlFollower(SysctlTable table, Map<String, Original> remembered) {
        this.table = table;
        this.originals.putAll(remembered);
    }

    /** Brings these settings about, and puts back those that are not among them any more. */
    public void follow(SysctlSpec spec) {
        wanted = spec;
        failing.clear();
        for (String name : List.copyOf(originals.keySet())) {
            if (spec.settings().stream().noneMatch(setting -> setting.name().equals(name))) {
                putBack(name);
            }
        }
        spec.settings().forEach(setting -> set(setting, false));
    }

    /** Looks whether all is as wanted, and mends what is not. */
    public void audit() {
        wanted.settings().forEach(setting -> set(setting, true));
    }

    /** Puts back what is not to outlive us. */
    public void stop() {
        if (wanted.restoreOnStop()) {
            List.copyOf(originals.keySet()).forEach(this::putBack);
        }
    }

    private void set(SysctlSetting setting, boolean isAudit) {
        String name = setting.name();
        try {
            Optional<String> found = table.read(name);
            if (found.isEmpty()) {
                failing.put(
                        name,
                        "sysctl " + name + " is not in this kernel (expected: module ip_vs loaded for net.ipv4.vs,"
                                + " a kernel that has it)");
                return;
            }
            if (!found.get().equals(setting.value())) {
                boolean wasSet = isAudit && !failing.containsKey(name);
                table.write(name, setting.value());
                drift += wasSet ? 1 : 0;
                String before =
                        originals.containsKey(name) ? originals.get(name).before() : found.get();
                originals.put(name, new Original(before, setting.value()));
            }
            failing.remove(name);
        } catch (KernelException e) {
            failing.put(name, String.valueOf(e.getMessage()));
        }
    }

    private void putBack(String name) {
        Original original = originals.get(name);
        if (original == null) {
            return;
        }
        try {
            if (table.read(name).filter(original.ours()::equals).isPresent()) {
                table.write(name, original.before());
            }
            originals.remove(name);
        } catch (KernelException e) {
            failing.put(name, String.valueOf(e.getMessage()));
        }
    }

    /** Returns what {@link #follow} would set, in order. */
    public List<SysctlSetting> plan(SysctlSpec spec) {
        List<SysctlSetting> changes = new ArrayList<>();
        originals.forEach((name, original) -> {
            if (spec.settings().stream().noneMatch(setting -> setting.name().equals(name))) {
                changes.add(new SysctlSetting(name, original.before()));
            }
        });
        for (SysctlSetting setting : spec.settings()) {
            if (!table.read(setting.name()).filter(setting.value()::equals).isPresent()) {
                changes.add(setting);
            }
        }
        return changes;
    }

    /** Returns what is wanted. */
    public SysctlSpec wanted() {
        return wanted;
    }

    /** Returns what was there before us, by name, of what we changed. */
    public Map<String, Original> originals() {
        return Map.copyOf(originals);
    }

    /** Returns how often somebody else changed a setting that we had set, since the start. */
    public long drift() {
        return drift;
    }

    /** Returns what cannot be done, and is tried again by {@link #audit}. */
    public List<String> failing() {
        return List.copyOf(failing.values());
    }
}
