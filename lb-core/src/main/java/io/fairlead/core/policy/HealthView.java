package io.fairlead.core.policy;

/** How the policy looks up the health of a real server: a function of the moment, without effects. */
@FunctionalInterface
public interface HealthView {

    /** Returns the health of {@code realServer} in {@code virtualServer}. */
    Health of(VirtualServerSpec virtualServer, RealServerSpec realServer);
}
