package io.fairlead.core.model;

import java.util.Optional;

/**
 * An option of a scheduler. The kernel has three unnamed bits ({@code IP_VS_SVC_F_SCHED1..3}); their meaning depends on the
 * scheduler, so the operator names the meaning and this enumeration knows the bit. Bits to which their scheduler gives no
 * meaning that we know go by their number, for schedulers from elsewhere.
 */
public enum SchedulerFlag {
    SH_FALLBACK("sh-fallback", "sh", 0x08),
    SH_PORT("sh-port", "sh", 0x10),
    MH_FALLBACK("mh-fallback", "mh", 0x08),
    MH_PORT("mh-port", "mh", 0x10),
    FLAG_1("flag-1", "", 0x08),
    FLAG_2("flag-2", "", 0x10),
    FLAG_3("flag-3", "", 0x20);

    private final String configName;
    private final String scheduler;
    private final int bit;

    SchedulerFlag(String configName, String scheduler, int bit) {
        this.configName = configName;
        this.scheduler = scheduler;
        this.bit = bit;
    }

    /**
     * Returns the flag by which {@code scheduler} sends a client elsewhere whose real server has weight 0; without it the kernel
     * refuses that client until the real server is gone. Empty if the scheduler looks at the weights anyway.
     */
    public static Optional<SchedulerFlag> fallback(Scheduler scheduler) {
        return switch (scheduler.name()) {
            case "mh" -> Optional.of(MH_FALLBACK);
            case "sh" -> Optional.of(SH_FALLBACK);
            default -> Optional.empty();
        };
    }

    /** Returns the name in configuration and in {@code ipvsadm -b}. */
    public String configName() {
        return configName;
    }

    /** Returns what this flag is called with that scheduler: itself, unless the scheduler has another name, or none, for it. */
    public Optional<SchedulerFlag> with(Scheduler other) {
        if (scheduler.equals(other.name())) {
            return Optional.of(this);
        }
        return scheduler.isEmpty() ? Optional.of(of(other, bit)) : Optional.empty();
    }

    /** Returns what the scheduler calls the bit. */
    private static SchedulerFlag of(Scheduler scheduler, int bit) {
        SchedulerFlag numbered = FLAG_1;
        for (SchedulerFlag flag : values()) {
            if (flag.bit == bit) {
                if (flag.scheduler.equals(scheduler.name())) {
                    return flag;
                }
                if (flag.scheduler.isEmpty()) {
                    numbered = flag;
                }
            }
        }
        return numbered;
    }

    /** Returns the only scheduler that knows this flag; empty for a flag by number. */
    public Optional<Scheduler> scheduler() {
        return scheduler.isEmpty() ? Optional.empty() : Optional.of(new Scheduler(scheduler));
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
