package io.fairlead.appliance.loop;

import java.time.Instant;
import java.util.Optional;

/**
 * How well the kernel's packet rules follow.
 *
 * @param destinations how many addresses and ports the rules speak of, each time they do
 * @param writes how often the table was written since the start
 * @param drift how often someone else had changed it, or the sysctl that it needs, since the start
 * @param lastChange when it was last written
 * @param failing why the kernel does not hold what is wanted; tried again
 */
public record PacketRuleStatus(
        int destinations, long writes, long drift, Optional<Instant> lastChange, Optional<String> failing) {

    public static final PacketRuleStatus NONE = new PacketRuleStatus(0, 0, 0, Optional.empty(), Optional.empty());
}
