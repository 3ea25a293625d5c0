package io.fairlead.appliance.loop;

import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.model.IpvsSnapshot;

/**
 * The loop's state at one moment, immutable.
 *
 * @param config what is followed
 * @param held what the kernel holds of ours, as far as we know
 */
public record LoopView(FairleadConfig config, IpvsSnapshot held, ReconcileStatus reconcile) {}
