package io.fairlead.appliance.host;

import io.fairlead.core.kernel.ModuleTable;
import java.util.List;
import java.util.Optional;

/**
 * How the host stands, immutable.
 *
 * @param sysctls the settings that are wanted, in the order of the configuration
 * @param drift how often somebody else changed one of them, and it was set again, since the start
 * @param modules the modules that the configuration uses, by name
 * @param failing what cannot be done and is tried again, and which modules are missing
 */
public record HostView(List<SysctlLine> sysctls, long drift, List<ModuleLine> modules, List<String> failing) {

    /** Nothing asked for. */
    public static final HostView NONE = new HostView(List.of(), 0, List.of(), List.of());

    public HostView {
        sysctls = List.copyOf(sysctls);
        modules = List.copyOf(modules);
        failing = List.copyOf(failing);
    }

    /**
     * One setting.
     *
     * @param value what the kernel has; empty if it has no such setting
     * @param before what it was before we first changed it; empty if we never had to
     */
    public record SysctlLine(String name, String wanted, Optional<String> value, Optional<String> before) {}

    /** One module. */
    public record ModuleLine(String name, ModuleTable.State state) {}
}
