package io.fairlead.core.policy;

import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServerKey;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a decision about one virtual server can see.
 *
 * @param verdicts what the checks say of a configured real server now
 * @param overrides what the operator said of it; {@link OperatorOverride#NONE} if nothing
 * @param actual what the kernel holds
 * @param atMaster how a real server stands that the appliance which has the traffic says to be healthy, if that is another one;
 *     its slow start is followed, so that a new master goes on where the old one was
 * @param connections of its real servers, if they were counted just now; who is not among them has none
 */
public record PoolView(
        Function<RealServerSpec, Verdict> verdicts,
        Function<RealServerSpec, OperatorOverride> overrides,
        Function<RealServerSpec, Optional<MemberState.Serving>> atMaster,
        Optional<Pool> actual,
        Optional<Map<RealServerKey, OpenConnections>> connections) {}
