package io.fairlead.appliance;

import io.fairlead.appliance.admin.ExplainReport;
import io.fairlead.appliance.admin.ExplainReport.Weighed;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.Persistence;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.schedule.Candidate;
import io.fairlead.core.schedule.HashScheduler;
import io.fairlead.core.text.Amount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says which real server a client would get and why, from what the kernel holds now. Pure. */
final class Explanation {

    private final ConfiguredVirtualServer configured;
    private final IpAddress client;
    private final OptionalInt clientPort;
    private final int maglevSlots;
    private final List<String> reasons = new ArrayList<>();
    private final List<Weighed> weighed = new ArrayList<>();

    /** @param maglevSlots of the kernel's table for {@code mh} */
    Explanation(ConfiguredVirtualServer configured, IpAddress client, OptionalInt clientPort, int maglevSlots) {
        this.configured = configured;
        this.client = client;
        this.clientPort = clientPort;
        this.maglevSlots = maglevSlots;
    }

    /**
     * Answers.
     *
     * @param held what the kernel holds
     * @param stats of its real servers, in the kernel's order
     */
    ExplainReport of(Optional<Pool> held, List<RealServerStats> stats) {
        if (client.family() != configured.spec().key().family()) {
            return ExplainReport.unanswered(
                    configured.spec().name(),
                    asked(),
                    "client " + client + " (expected: an address of the family of " + configured.destination() + ")");
        }
        if (held.isEmpty()) {
            return report("refused", Optional.empty(), "it is not in the kernel's table");
        }
        Optional<List<IpPrefix>> allowed = configured.packets().allowedSources().map(List::copyOf);
        if (allowed.isPresent() && allowed.get().stream().noneMatch(prefix -> prefix.contains(client))) {
            return report(
                    "refused", Optional.empty(), "allow-from does not name " + client + "; its packets are dropped");
        }
        VirtualServer virtualServer = held.get().virtualServer();
        virtualServer.persistence().ifPresent(persistence -> notePersistence(persistence, stats));
        List<Candidate> candidates = candidates(held.get(), stats);
        if (candidates.isEmpty()) {
            return report("refused", Optional.empty(), "it has no real server in the kernel's table");
        }
        Optional<HashScheduler> scheduler = HashScheduler.of(virtualServer, candidates, maglevSlots);
        if (scheduler.isEmpty()) {
            return report("weighed", Optional.empty(), WeighingText.of(virtualServer.scheduler()));
        }
        return hashed(virtualServer, scheduler.get(), candidates);
    }

    private ExplainReport hashed(VirtualServer virtualServer, HashScheduler scheduler, List<Candidate> candidates) {
        if (scheduler.readsPort() && clientPort.isEmpty()) {
            return ExplainReport.unanswered(
                    configured.spec().name(),
                    asked(),
                    "client " + client + " (expected: ADDRESS:PORT, as scheduler flag " + flags(virtualServer)
                            + " looks at the port)");
        }
        if (configured.destinations().isEmpty()
                && virtualServer.scheduler().name().equals("dh")) {
            return report(
                    "weighed",
                    Optional.empty(),
                    "dh goes by the address that is asked, which a firewall mark does not tell");
        }
        IpAddress destination = configured.destinations().isEmpty()
                ? client
                : configured.destinations().getFirst().address();
        if (virtualServer.scheduler().name().equals("mh")) {
            noteLastWeights(candidates);
        }
        Optional<Candidate> chosen = scheduler.choose(client, clientPort.orElse(0), destination);
        String by = virtualServer.scheduler().name().equals("dh")
                ? "dh hashes the address that is asked: every client gets the same"
                : virtualServer.scheduler() + " hashes the client's address"
                        + (scheduler.readsPort() ? " and port" : "");
        if (chosen.isEmpty()) {
            return report(
                    "refused",
                    Optional.empty(),
                    by + " to a real server that takes no new connections, and looks no further");
        }
        return report("chosen", chosen.map(Candidate::key), by);
    }

    /** Returns them in the kernel's order, which hashing goes by. */
    private List<Candidate> candidates(Pool held, List<RealServerStats> stats) {
        Map<RealServerKey, RealServerSpec> specs = new HashMap<>();
        configured.spec().realServers().forEach(spec -> specs.put(spec.key(), spec));
        List<Candidate> candidates = new ArrayList<>();
        for (RealServerStats counted : stats) {
            RealServer realServer = held.realServers().get(counted.key());
            if (realServer == null) {
                continue; // added by somebody else since
            }
            long open = counted.activeConnections() + counted.inactiveConnections();
            weighed.add(new Weighed(
                    name(counted.key()),
                    counted.key().toString(),
                    realServer.weight(),
                    counted.activeConnections(),
                    counted.inactiveConnections()));
            candidates.add(new Candidate(
                    counted.key(),
                    realServer.weight(),
                    realServer.weight() > 0 ? realServer.weight() : configuredWeight(specs.get(counted.key())),
                    isOverloaded(realServer.thresholds(), open, counted.key())));
        }
        sortWeighed();
        return candidates;
    }

    /** What is in the configuration stands in its order, as in the status; what is not, behind it. */
    private void sortWeighed() {
        Map<String, Integer> places = new HashMap<>();
        configured.spec().realServers().forEach(spec -> places.put(spec.key().toString(), places.size()));
        weighed.sort(Comparator.comparingInt(line -> places.getOrDefault(line.address(), places.size())));
    }

    private static int configuredWeight(@Nullable RealServerSpec spec) {
        return spec == null ? 0 : spec.realServer().weight();
    }

    /** The kernel remembers on which side of its thresholds a real server was; between them we can only guess. */
    private boolean isOverloaded(ConnectionThresholds thresholds, long open, RealServerKey key) {
        if (thresholds.upper() == 0) {
            return false;
        }
        long lower = thresholds.lower() != 0 ? thresholds.lower() : thresholds.upper() * 3 / 4;
        if (open >= lower && open < thresholds.upper()) {
            reasons.add(name(key) + " has " + Amount.of(open, "connection")
                    + ", between its thresholds: it may have been full before");
        }
        return open >= thresholds.upper();
    }

    private void notePersistence(Persistence persistence, List<RealServerStats> stats) {
        long templates =
                stats.stream().mapToLong(RealServerStats::persistentConnections).sum();
        reasons.add("a client of the same /" + persistence.prefixLength() + " that came within the last "
                + persistence.timeout().toSeconds() + " s goes where it went (" + templates
                + " remembered now); what follows is for a new one");
    }

    private void noteLastWeights(List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            if (candidate.weight() == 0) {
                reasons.add(name(candidate.key())
                        + " has weight 0 now, and keeps its part of the table; taken to be that of weight "
                        + candidate.lastWeight() + ", its configured one");
            }
        }
    }

    private String name(RealServerKey key) {
        return configured.spec().realServers().stream()
                .filter(spec -> spec.key().equals(key))
                .map(RealServerSpec::name)
                .findFirst()
                .orElseGet(() -> configured
                        .spec()
                        .policy()
                        .sorryServer()
                        .filter(sorry -> sorry.realServer().key().equals(key))
                        .map(_ -> "sorry server")
                        .orElse("-"));
    }

    private String asked() {
        return clientPort.isEmpty() ? client.toString() : client + " port " + clientPort.getAsInt();
    }

    private static String flags(VirtualServer virtualServer) {
        return virtualServer.schedulerFlags().stream()
                .map(SchedulerFlag::configName)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private ExplainReport report(String outcome, Optional<RealServerKey> chosen, String reason) {
        reasons.addFirst(reason);
        VirtualServer virtualServer = configured.spec().virtualServer();
        return new ExplainReport(
                true,
                configured.spec().name(),
                asked(),
                virtualServer.schedulerFlags().isEmpty()
                        ? virtualServer.scheduler().name()
                        : virtualServer.scheduler() + " " + flags(virtualServer),
                outcome,
                chosen.map(this::name).orElse(null),
                chosen.map(RealServerKey::toString).orElse(null),
                reasons,
                weighed);
    }
}
