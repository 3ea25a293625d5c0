package io.fairlead.system.benchmark;

import io.fairlead.system.topology.Topology;
import io.fairlead.system.topology.TopologyException;
import io.fairlead.system.traffic.PingGap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a client of a virtual address notices when its holder fails: Fairlead beside keepalived, one after the other in the
 * same kind of network, of namespaces on this machine. Arguments: {@code ROUNDS [NAME]}, where only contenders whose names
 * begin with NAME run; or {@code soak MINUTES}, see {@link FailoverSoak}.
 */
public final class FailoverBenchmark {

    private static final Duration REQUEST_INTERVAL = Duration.ofMillis(2);

    /** After which both sides have settled, and announcements are over but for the last repeats. */
    private static final Duration SETTLE = Duration.ofMillis(1500);

    /** Longer than the addresses of a dead process last. */
    private static final Duration WATCH = Duration.ofSeconds(6);

    /** In this order, so that those that start processes anew come last. */
    private enum Fault {
        CABLE_CUT("cable cut"),
        HAND_OVER("hand-over by command"),
        STOPPED("SIGSTOP"),
        STOP("clean stop"),
        KILLED("kill -9");

        private final String text;

        Fault(String text) {
            this.text = text;
        }
    }

    private final FailoverContender contender;
    private final AddressPair pair;
    private final int rounds;

    private FailoverBenchmark(FailoverContender contender, AddressPair pair, int rounds) {
        this.contender = contender;
        this.pair = pair;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) {
        Topology.unavailable().ifPresent(reason -> {
            throw new TopologyException(reason);
        });
        if (arguments[0].equals("soak")) {
            FailoverSoak.run(Duration.ofMinutes(Long.parseLong(arguments[1])));
            return;
        }
        int rounds = Integer.parseInt(arguments[0]);
        String wanted = arguments.length > 1 ? arguments[1] : "";
        List<Supplier<FailoverContender>> contenders = List.of(
                () -> new FairleadContender("1s"),
                () -> new KeepalivedContender("1"),
                () -> new FairleadContender("100ms"),
                () -> new KeepalivedContender("0.1"),
                () -> new FairleadContender("10ms"),
                () -> new KeepalivedContender("0.01"));
        System.out.println("Longest time without an answer, ms: median of " + rounds + " (largest). A request every "
                + REQUEST_INTERVAL.toMillis() + " ms.");
        row("", List.of(Fault.values()).stream().map(fault -> fault.text).toList());
        for (Supplier<FailoverContender> supplier : contenders) {
            try (FailoverContender contender = supplier.get()) {
                if (contender.name().startsWith(wanted)) {
                    measure(contender, rounds);
                }
            }
        }
    }

    private static void measure(FailoverContender contender, int rounds) {
        try (AddressPair pair = AddressPair.start(contender)) {
            Map<Fault, String> results = new FailoverBenchmark(contender, pair, rounds).all();
            row(contender.name(), List.copyOf(results.values()));
        }
    }

    private static void row(String name, List<String> columns) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-20s", name));
        columns.forEach(column -> line.append(String.format(Locale.ROOT, "%22s", column)));
        System.out.println(line);
    }

    private Map<Fault, String> all() {
        Map<Fault, String> results = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            List<Long> gaps = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                AddressPair.pause(SETTLE);
                try (PingGap client = PingGap.start(pair.client, AddressPair.ADDRESS, REQUEST_INTERVAL)) {
                    AddressPair.pause(Duration.ofMillis(200));
                    if (!happens(fault)) {
                        break;
                    }
                    gaps.add(client.longest().toMillis());
                }
                end(fault);
                pair.awaitCalm();
            }
            gaps.sort(null);
            results.put(fault, gaps.isEmpty() ? "–" : gaps.get(gaps.size() / 2) + " (" + gaps.getLast() + ")");
            System.err.println(contender.name() + ", " + fault.text + ": " + gaps);
        }
        return results;
    }

    /** Returns when a client has seen all of it; false if this contender knows nothing of the kind. */
    private boolean happens(Fault fault) {
        switch (fault) {
            case CABLE_CUT -> pair.betterLink.cut();
            case HAND_OVER -> {
                if (!contender.handOver(pair.better)) {
                    return false;
                }
            }
            case STOPPED -> contender.signal(pair.better, "STOP");
            case STOP -> contender.signal(pair.better, "TERM");
            case KILLED -> contender.signal(pair.better, "KILL");
        }
        pair.await("the other has it", () -> pair.holds(pair.other));
        AddressPair.pause(fault == Fault.STOPPED || fault == Fault.KILLED ? WATCH : SETTLE);
        return true;
    }

    private void end(Fault fault) {
        switch (fault) {
            case CABLE_CUT -> pair.betterLink.heal();
            case HAND_OVER -> {
                boolean _ = contender.handOver(pair.other);
            }
            case STOPPED -> contender.signal(pair.better, "CONT");
            case STOP, KILLED -> contender.restart(pair.better);
        }
    }
}
