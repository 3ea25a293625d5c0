package io.fairlead.system.demo;

import io.fairlead.cli.output.Display;
import io.fairlead.cli.output.HaTable;
import io.fairlead.system.appliance.AppliancePair;
import io.fairlead.system.appliance.AppliancePair.Member;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.traffic.ConnectionHolder;
import io.fairlead.system.traffic.HoldReport;
import io.fairlead.system.traffic.PingGap;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Two appliances share their addresses; the one that has them loses its power, and connections go on through the other. */
final class FailoverDemo implements AutoCloseable {

    private static final int CONNECTIONS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PING_INTERVAL = Duration.ofMillis(20);

    /** In the kernel a connection waits up to three seconds before the peer is told of it. */
    private static final Duration TOLD = Duration.ofSeconds(4);

    private final Narration narration;
    private final AppliancePair pair;

    FailoverDemo(Topology topology, Narration narration) {
        this.narration = narration;
        pair = new AppliancePair(topology, "advertisement-interval = 250ms");
    }

    void run() {
        narration.title("Two appliances share the addresses, and tell each other of connections");
        Member master = pair.start("edge-a", 2, 150);
        Member backup = pair.start("edge-b", 1, 100);
        try (var _ = master.appliance();
                var _ = backup.appliance()) {
            narration.say(pair.configuration("edge-a", 2, 150));
            master.appliance().awaitHealthy("translated", 2);
            backup.appliance().awaitHealthy("translated", 2);
            AppliancePair.awaitMaster(master, backup);
            show(master);
            powerOff(master, backup);
        }
    }

    private void powerOff(Member master, Member backup) {
        RunningProcess holder = pair.client()
                .startJava(
                        ConnectionHolder.class,
                        AppliancePair.TRANSLATED,
                        "80",
                        Integer.toString(CONNECTIONS),
                        "600",
                        "500",
                        "60000");
        holder.awaitLine("holding " + CONNECTIONS, PATIENCE);
        LockSupport.parkNanos(TOLD.toNanos());

        narration.title("The master loses its power: every process killed, every cable dead");
        try (PingGap gap = PingGap.start(pair.client(), AppliancePair.TRANSLATED, PING_INTERVAL)) {
            LockSupport.parkNanos(TOLD.toNanos() / 4);
            master.host().powerOff();
            AppliancePair.await("the backup takes over", backup::holds);
            LockSupport.parkNanos(TOLD.toNanos());
            Duration longest = gap.longest();
            narration.expect(
                    longest.compareTo(Duration.ofSeconds(10)) < 0,
                    "no answer to a ping for %d ms (advertisements each 250 ms here, 100 ms by default)"
                            .formatted(longest.toMillis()));
        }
        pair.client().run("kill", "-TERM", Long.toString(holder.pid())).orThrow();
        HoldReport held = HoldReport.parse(holder.awaitLine(HoldReport.FIRST_WORD, PATIENCE));
        narration.expect(
                held.opened() == CONNECTIONS && held.lost() == 0 && held.strayed() == 0,
                "connections held through the virtual address: " + held.opened() + ", lost " + held.lost()
                        + ", longest wait for an answer " + held.longestPause().toMillis() + " ms");
        show(backup);
    }

    private void show(Member member) {
        narration.say("");
        narration.say("$ fairlead ha status        (on " + member.host() + ")");
        narration.say(HaTable.render(member.appliance().highAvailability(), Display.WHOLE));
    }

    @Override
    public void close() {
        pair.close();
    }
}
