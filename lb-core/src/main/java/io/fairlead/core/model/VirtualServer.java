package io.fairlead.core.model;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A virtual server as the kernel holds it, without its real servers.
 *
 * @param onePacketScheduling every packet is scheduled by itself; UDP only
 */
public record VirtualServer(
        VirtualServerKey key,
        Scheduler scheduler,
        Set<SchedulerFlag> schedulerFlags,
        Optional<Persistence> persistence,
        boolean onePacketScheduling) {

    public VirtualServer {
        schedulerFlags = schedulerFlags.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(schedulerFlags));
        for (SchedulerFlag flag : schedulerFlags) {
            if (!flag.with(scheduler).equals(Optional.of(flag))) {
                throw new IllegalArgumentException("scheduler flag " + flag.configName() + " with scheduler "
                        + scheduler + " (expected: "
                        + flag.with(scheduler)
                                .map(SchedulerFlag::configName)
                                .or(() -> flag.scheduler().map(only -> "scheduler " + only))
                                .orElse("another flag")
                        + ")");
            }
        }
        if (persistence.isPresent()
                && persistence.get().prefixLength() > key.family().lengthBits()) {
            throw new IllegalArgumentException(
                    "persistence netmask " + persistence.get().prefixLength() + " (expected: at most "
                            + key.family().lengthBits() + ")");
        }
    }
}
