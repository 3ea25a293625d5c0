package io.fairlead.appliance.loop;

import io.fairlead.core.reconcile.IpvsPlan;
import java.util.List;

/**
 * What applying a configuration would do.
 *
 * @param plan the changes that would be made at once
 * @param unsupported why this kernel would refuse the configuration; empty if it would not
 */
public record PlanOutcome(IpvsPlan plan, List<String> unsupported) {

    public PlanOutcome {
        unsupported = List.copyOf(unsupported);
    }
}
