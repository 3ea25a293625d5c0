package io.fairlead.appliance;

import io.fairlead.appliance.admin.ExplainReport;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.net.IpAddress;
import io.fairlead.linux.ipvs.MaglevSlots;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks the kernel what an {@link Explanation} needs to know. Used by the thread of the status. */
final class Explainer {

    private final IpvsTable table;

    Explainer(IpvsTable table) {
        this.table = table;
    }

    ExplainReport explain(LoopView view, String name, IpAddress client, OptionalInt port) {
        Optional<ConfiguredVirtualServer> found = view.config().virtualServers().stream()
                .filter(configured -> configured.spec().name().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            return ExplainReport.unanswered(name, client.toString(), "no such virtual server " + name);
        }
        Optional<Pool> held = view.held().find(found.get().spec().key());
        List<RealServerStats> stats =
                held.isPresent() ? table.readStats(found.get().spec().key()) : List.of();
        return new Explanation(found.get(), client, port, MaglevSlots.ofThisKernel()).of(held, stats);
    }
}
