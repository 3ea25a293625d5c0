package io.fairlead.core.reconcile;

import io.fairlead.core.model.SysctlSetting;

/** Renders settings of the kernel as the {@code sysctl} command lines that make them. */
public final class SysctlText {

    private SysctlText() {}

    /** Returns the command line, without a line end, as a shell takes it: some values are several numbers. */
    public static String line(SysctlSetting setting) {
        boolean several = setting.value().chars().anyMatch(Character::isWhitespace);
        String quote = several ? "\"" : "";
        return "sysctl -w " + setting.name() + "=" + quote + setting.value() + quote;
    }
}
