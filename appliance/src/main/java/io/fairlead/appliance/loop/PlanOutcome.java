package io.fairlead.appliance.loop;

import io.fairlead.core.reconcile.IpvsPlan;
import java.util.List;

/**
 * What applying a configuration would do.
 *
 * @param plan the changes that would be made at once
 * @param heldBack why the guard would hold it back; empty if it would not
 * @param unsupported why this kernel would refuse the configuration; empty if it would not
 */
public record PlanOutcome(IpvsPlan plan, List<String> heldBack, List<String> unsupported) {

    public PlanOutcome {
        heldBack = List.copyOf(heldBack);
        unsupported = List.copyOf(unsupported);
    }
}
