package io.fairlead.system.appliance;

import io.fairlead.system.topology.Execution;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What the scenarios of one appliance share. Each is a story in order, because each process costs seconds in the lab: what one
 * test leaves, the next one finds.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ApplianceStory {

    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String HOLDING_SECONDS = "900";
    private static final String ANSWER_TIMEOUT_MILLIS = "120000";

    final Topology topology = Topology.create();

    final NetworkHost client = topology.host("client");

    /** Where the appliance runs. */
    final NetworkHost edge = topology.host("edge");

    /** Set by the story, once its network stands. */
    @SuppressWarnings("NullAway.Init")
    ApplianceProcess appliance;

    @AfterAll
    void tearDown() {
        try (topology) {
            if (appliance != null) { // a story may fail before
                appliance.close();
            }
        }
    }

    /** The kernel's table, as {@code ipvsadm} saves it. */
    final String table() {
        return edge.run("ipvsadm", "-Sn").orThrow().out();
    }

    /** Asks for a page; the name of the server that answers is its only line. Of the same option the last one counts. */
    static Execution get(NetworkHost from, String address, int port, String... curlOptions) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-g", "-m", "20"));
        command.addAll(List.of(curlOptions));
        command.add("http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port + "/");
        return from.run(PATIENCE, command.toArray(String[]::new));
    }

    /** Opens connections, which are kept in use every half second, and returns when each has been answered once. */
    final RunningProcess hold(String address, int port, int connections) {
        return hold(address, port, connections, Duration.ofMillis(500));
    }

    /** The same, in use at that interval. */
    final RunningProcess hold(String address, int port, int connections, Duration interval) {
        RunningProcess holder = client.startJava(
                ConnectionHolder.class,
                address,
                Integer.toString(port),
                Integer.toString(connections),
                HOLDING_SECONDS,
                Long.toString(interval.toMillis()),
                ANSWER_TIMEOUT_MILLIS);
        holder.awaitLine("holding|not settled", PATIENCE);
        return holder;
    }

    /** Closes connections and returns what became of them. */
    final HoldReport release(RunningProcess holder) {
        client.run("kill", "-TERM", Long.toString(holder.pid())).orThrow();
        return HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, PATIENCE));
    }
}
