package io.fairlead.appliance.loop;

import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.RealServerName;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What reaches the control loop from outside. */
sealed interface ApplianceEvent {

    /** Some health changed; which is in the {@link HealthInbox}. */
    record HealthChanged() implements ApplianceEvent {}

    /** Operators on peers want something else; what is asked of {@link OperatorWishes}. */
    record WishesChanged() implements ApplianceEvent {}

    /** The master is elsewhere with slow starts than before. */
    record MasterChanged() implements ApplianceEvent {}

    /**
     * A valid configuration is to be followed from now on.
     *
     * @param force even if it removes more than the guard allows
     */
    record Apply(FairleadConfig config, boolean force, CompletableFuture<ApplyOutcome> outcome)
            implements ApplianceEvent {}

    /**
     * An operator wants something of a real server.
     *
     * @param by who, for the event log
     */
    record Operate(
            RealServerName realServer, OperatorCommand command, String by, CompletableFuture<OperatorOutcome> outcome)
            implements ApplianceEvent {}

    /** From these addresses, and no others, no reset is to be sent for a connection that is not known here. */
    record KeepQuiet(Set<IpAddress> addresses) implements ApplianceEvent {}

    /** What would applying this configuration do? Changes nothing. */
    record Plan(FairleadConfig config, CompletableFuture<PlanOutcome> outcome) implements ApplianceEvent {}

    /** How do things stand? */
    record Look(CompletableFuture<LoopView> view) implements ApplianceEvent {}

    /** Are you there? */
    record Ping(CompletableFuture<Void> answer) implements ApplianceEvent {}

    /** End the loop, leaving the kernel's table as it is. */
    record Stop() implements ApplianceEvent {}
}
