package io.fairlead.core.policy;

import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.time.MonotonicInstant;
import java.util.Optional;

/**
 * What should be in the kernel for one virtual server now.
 *
 * @param next what to remember until the next decision
 * @param wakeAt when to decide again even if nothing happens; empty for never
 */
public record PoolDecision(Pool pool, PoolState next, Optional<MonotonicInstant> wakeAt) {}
