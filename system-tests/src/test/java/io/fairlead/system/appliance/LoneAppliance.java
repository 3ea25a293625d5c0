package io.fairlead.system.appliance;

import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** One appliance that elects alone, on a host with 192.0.2.1 on eth0, for tests of commands. */
record LoneAppliance(Topology topology, NetworkHost host, ApplianceProcess appliance) implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * Starts it, with a virtual router, and waits until it has told of being master. Aborts the test where there are no
     * namespaces.
     */
    static LoneAppliance start(String configuration) {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        Topology topology = Topology.create();
        try {
            NetworkHost host = topology.host("edge");
            topology.bridge("front").attach(host, "192.0.2.1/24");
            ApplianceProcess appliance = ApplianceProcess.start(host, configuration);
            appliance.await(
                    "it told of being master",
                    PATIENCE,
                    _ -> appliance.events().stream()
                            .anyMatch(event -> event.change().startsWith("master")));
            return new LoneAppliance(topology, host, appliance);
        } catch (RuntimeException | Error e) {
            topology.close();
            throw e;
        }
    }

    /** Returns the command line that asks it. */
    List<String> command(String... words) {
        return ApplianceProcess.command(
                "64m",
                Stream.concat(
                                Stream.of(words),
                                Stream.of("--socket", appliance.socket().toString()))
                        .toArray(String[]::new));
    }

    @Override
    public void close() {
        appliance.close();
        topology.close();
    }
}
