package io.fairlead.core.policy;

import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Computes the table that the kernel should hold. Pure: same input, same table. */
public final class DesiredTable {

    private DesiredTable() {}

    /**
     * Returns one pool for each virtual server, holding those of its real servers that should be there.
     *
     * @param actual what the kernel holds now: a real server without a verdict keeps the place it has
     */
    public static IpvsSnapshot compute(List<VirtualServerSpec> specs, HealthView health, IpvsSnapshot actual) {
        List<Pool> pools = new ArrayList<>(specs.size());
        for (VirtualServerSpec spec : specs) {
            pools.add(pool(spec, health, actual.find(spec.key())));
        }
        return IpvsSnapshot.of(pools);
    }

    /** Returns the one pool of {@code spec}; {@link #compute} is this for every virtual server. */
    public static Pool pool(VirtualServerSpec spec, HealthView health, Optional<Pool> actual) {
        List<RealServer> members = new ArrayList<>(spec.realServers().size());
        for (RealServerSpec realServer : spec.realServers()) {
            switch (health.of(spec, realServer)) {
                case HEALTHY -> members.add(realServer.realServer());
                case UNHEALTHY -> unhealthy(spec, realServer).ifPresent(members::add);
                case UNKNOWN -> undecided(realServer, actual).ifPresent(members::add);
            }
        }
        return Pool.of(spec.virtualServer(), members);
    }

    /** An unhealthy real server leaves the pool, or stays with weight 0 where inhibit on failure asks for it. */
    private static Optional<RealServer> unhealthy(VirtualServerSpec spec, RealServerSpec realServer) {
        return spec.inhibitOnFailure() ? Optional.of(realServer.realServer().withWeight(0)) : Optional.empty();
    }

    /**
     * A real server without a verdict gets no traffic that it does not have already. One that the kernel holds (we were
     * restarted) stays, drained if it was drained; one that it does not hold waits for its first check.
     */
    private static Optional<RealServer> undecided(RealServerSpec realServer, Optional<Pool> actual) {
        return actual.map(pool -> pool.realServers().get(realServer.key()))
                .map(found -> found.weight() == 0 ? realServer.realServer().withWeight(0) : realServer.realServer());
    }
}
