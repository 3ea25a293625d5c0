package io.fairlead.appliance.loop;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How well the kernel's table follows.
 *
 * @param operations changes made since the start
 * @param drift virtual servers found changed by someone else, and repaired, since the start
 * @param refusals operations refused by the kernel, or lost with the channel, since the start
 * @param lastChange when an operation last succeeded
 * @param lastAudit when the kernel's whole table was last found, or made, to be as remembered
 * @param contested virtual servers that someone else changes again and again, with a count. Bounded.
 * @param failing what is being tried again now; empty when all is well. Bounded.
 */
public record ReconcileStatus(
        long operations,
        long drift,
        long refusals,
        Optional<Instant> lastChange,
        Optional<Instant> lastAudit,
        List<String> contested,
        List<String> failing) {

    public static final ReconcileStatus NONE =
            new ReconcileStatus(0, 0, 0, Optional.empty(), Optional.empty(), List.of(), List.of());

    public ReconcileStatus {
        contested = List.copyOf(contested);
        failing = List.copyOf(failing);
    }
}
