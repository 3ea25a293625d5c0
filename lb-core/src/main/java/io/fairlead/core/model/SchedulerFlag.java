package io.fairlead.core.model;

import java.util.Optional;

/**
 * An option of a scheduler. The kernel has three unnamed bits ({@code IP_VS_SVC_F_SCHED1..3}); their meaning depends on the
 * scheduler, so the operator names the meaning and this enumeration knows the bit.
 */
public enum SchedulerFlag {
    SH_FALLBACK("sh-fallback", "sh", 0x08),
    SH_PORT("sh-port", "sh", 0x10),
    MH_FALLBACK("mh-fallback", "mh", 0x08),
    MH_PORT("mh-port", "mh", 0x10);

    private final String configName;
    private final String scheduler;
    private final int bit;

    SchedulerFlag(String configName, String scheduler, int bit) {
        this.configName = configName;
        this.scheduler = scheduler;
        this.bit = bit;
    }

    /** Returns the name in configuration and in {@code ipvsadm -b}. */
    public String configName() {
        return configName;
    }

    /** Returns the only scheduler that knows this flag. */
    public Scheduler scheduler() {
        return new Scheduler(scheduler);
    }

    /** Returns the bit in {@code IPVS_SVC_ATTR_FLAGS}. */
    public int bit() {
        return bit;
    }

    /** Returns the flag of that configuration name. */
    public static Optional<SchedulerFlag> named(String configName) {
        for (SchedulerFlag flag : values()) {
            if (flag.configName.equals(configName)) {
                return Optional.of(flag);
            }
        }
        return Optional.empty();
    }
}
