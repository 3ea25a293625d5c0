package io.fairlead.core.policy;

import io.fairlead.core.model.SysctlSetting;
import java.util.List;

/**
 * Settings of the kernel that the operator wants; all others are left alone.
 *
 * @param settings no name twice
 * @param restoreOnStop whether a stop puts back what was there before; otherwise the settings outlive the process
 */
public record SysctlSpec(List<SysctlSetting> settings, boolean restoreOnStop) {

    /** Leaves every setting alone. */
    public static final SysctlSpec NONE = new SysctlSpec(List.of(), false);

    public SysctlSpec {
        settings = List.copyOf(settings);
    }
}
