package io.fairlead.appliance.metrics;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.LinkLine;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who holds the addresses, and how well the peers hear each other. Without high availability there are no values. */
final class ElectionMetrics {

    static final MetricGroup GROUP = new MetricGroup("High availability");

    private static final List<String> ROLES =
            List.of("master", "backup", "candidate", "handing-over", "released", "fault", "left");

    private static final List<String> VERDICTS = List.of("unknown", "cut-off", "free", "taken");

    private static final Metric ROLE = GROUP.gauge(
            "fairlead_virtual_router_role",
            "Whether a virtual router or sync group has this role here: 1 or 0.",
            "virtual_router",
            "role");
    private static final Metric PRIORITY = GROUP.gauge(
            "fairlead_virtual_router_priority", "Its priority now, as what it tracks leaves it.", "virtual_router");
    private static final Metric FAILED =
            GROUP.gauge("fairlead_virtual_router_failed_tracks", "How much of what it tracks fails.", "virtual_router");
    private static final Metric CHANGES = GROUP.counter(
            "fairlead_virtual_router_transitions_total", "How often it came to another role.", "virtual_router");
    private static final Metric TAKEOVERS =
            GROUP.counter("fairlead_virtual_router_takeovers_total", "How often it became master.", "virtual_router");

    private static final Metric ISOLATION = GROUP.gauge(
            "fairlead_virtual_router_isolation",
            "Whether its link says this while no peer is heard (unknown: one is heard): 1 or 0; only with"
                    + " isolation-test.",
            "virtual_router",
            "verdict");

    private static final Metric HEARD = GROUP.gauge(
            "fairlead_peer_silence_seconds",
            "How long ago a hello of the peer was heard, of any virtual router; no value before the first.",
            "peer");
    private static final Metric NOT_READ = GROUP.gauge(
            "fairlead_peer_unreadable",
            "Whether the peer lives and is of a release whose hellos this one cannot read: 1 or 0.",
            "peer");
    private static final Metric PROVEN = GROUP.gauge(
            "fairlead_peer_proven",
            "Whether the peer has proven, since the channel was opened, that it has the key: 1 or 0.",
            "peer");
    private static final Metric SENT =
            GROUP.counter("fairlead_peer_hellos_sent_total", "Hellos (advertisements) to the peer.", "peer");
    private static final Metric RECEIVED = GROUP.counter(
            "fairlead_peer_hellos_received_total", "Authentic hellos (advertisements) of the peer.", "peer");
    private static final Metric UNSENDABLE = GROUP.counter(
            "fairlead_peer_unsendable_total", "Datagrams to the peer that this host's kernel did not take.", "peer");
    private static final Metric REFUSED = GROUP.counter(
            "fairlead_peer_datagrams_refused_total",
            "Datagrams that were refused, by the reason: replayed, key, version, forged and others; reasons without"
                    + " any are left out.",
            "reason");
    private static final Metric LISTENING =
            GROUP.gauge("fairlead_peer_channel_open", "Whether the sockets to the peers are open: 1 or 0.");

    private static final Metric LATE = GROUP.counter(
            "fairlead_election_late_total", "How often the election woke later than half an advertisement interval.");
    private static final Metric LATEST =
            GROUP.gauge("fairlead_election_latest_seconds", "The most that it woke too late since the start.");
    private static final Metric DROPPED =
            GROUP.counter("fairlead_election_dropped_total", "Events that the election had no room for.");
    private static final Metric UNREADABLE =
            GROUP.counter("fairlead_election_unreadable_total", "Authentic hellos that could not be read.");
    private static final Metric MAINTENANCE =
            GROUP.gauge("fairlead_maintenance", "Whether an operator took this appliance out of the election: 1 or 0.");
    private static final Metric FAILING = GROUP.gauge(
            "fairlead_virtual_router_addresses_failing",
            "What the kernel refuses of the addresses of virtual routers.");

    private static final Metric SHARING = GROUP.gauge(
            "fairlead_peers_sharing", "Peers that share operators' wishes and verdicts with this appliance now.");
    private static final Metric WISHES =
            GROUP.gauge("fairlead_shared_wishes", "Real servers of which operators have said something.");
    private static final Metric DISPUTED = GROUP.gauge(
            "fairlead_disputed_real_servers", "Real servers on whose health the peers have not agreed for a while.");

    private ElectionMetrics() {}

    static void addTo(Exposition exposition, Scrape scrape) {
        HaReport report = scrape.highAvailability();
        List<RouterLine> routers = report.routers();
        exposition.add(ROLE, samples -> {
            for (RouterLine router : routers) {
                ROLES.forEach(role -> samples.add(router.role().equals(role), router.name(), role));
            }
        });
        exposition.add(PRIORITY, samples -> routers.forEach(line -> samples.add((long) line.priority(), line.name())));
        exposition.add(
                FAILED,
                samples ->
                        routers.forEach(line -> samples.add((long) line.failed().size(), line.name())));
        exposition.add(CHANGES, samples -> routers.forEach(line -> samples.add(line.changes(), line.name())));
        exposition.add(TAKEOVERS, samples -> routers.forEach(line -> samples.add(line.takeovers(), line.name())));

        exposition.add(ISOLATION, samples -> {
            for (RouterLine router : routers) {
                if (router.isolation() != null) {
                    VERDICTS.forEach(
                            verdict -> samples.add(verdict.equals(router.isolation()), router.name(), verdict));
                }
            }
        });

        exposition.add(HEARD, samples -> silence(routers).forEach((peer, seconds) -> samples.add(seconds, peer)));
        exposition.add(NOT_READ, samples -> unreadable(routers).forEach((peer, is) -> samples.add(is, peer)));
        List<LinkLine> peers =
                Optional.ofNullable(report.link()).map(HaReport.Link::peers).orElse(List.of());
        exposition.add(PROVEN, samples -> peers.forEach(line -> samples.add(line.proven(), line.address())));
        exposition.add(SENT, samples -> peers.forEach(line -> samples.add(line.hellosSent(), line.address())));
        exposition.add(RECEIVED, samples -> peers.forEach(line -> samples.add(line.hellosReceived(), line.address())));
        exposition.add(UNSENDABLE, samples -> peers.forEach(line -> samples.add(line.unsendable(), line.address())));
        exposition.add(
                REFUSED,
                samples -> Optional.ofNullable(report.link())
                        .ifPresent(link ->
                                link.refused().forEach((reason, count) -> samples.add(count.longValue(), reason))));
        exposition.add(
                LISTENING,
                samples -> Optional.ofNullable(report.link()).ifPresent(link -> samples.add(link.listening())));

        addOfElection(exposition, report);
        Optional<HaReport.Shared> shared = Optional.ofNullable(report.shared());
        exposition.add(
                SHARING,
                samples ->
                        shared.ifPresent(now -> samples.add((long) now.members().size())));
        exposition.add(WISHES, samples -> shared.ifPresent(now -> samples.add((long) now.wishes())));
        exposition.add(
                DISPUTED,
                samples -> shared.ifPresent(
                        now -> samples.add((long) now.disputed().size())));
    }

    private static void addOfElection(Exposition exposition, HaReport report) {
        Optional<HaReport> configured = Optional.of(report).filter(HaReport::configured);
        exposition.add(LATE, samples -> configured.ifPresent(now -> samples.add(now.late())));
        exposition.add(LATEST, samples -> configured.ifPresent(now -> samples.add(now.latestMillis() / 1000)));
        exposition.add(DROPPED, samples -> configured.ifPresent(now -> samples.add(now.dropped())));
        exposition.add(UNREADABLE, samples -> configured.ifPresent(now -> samples.add(now.unreadable())));
        exposition.add(MAINTENANCE, samples -> configured.ifPresent(now -> samples.add(now.maintenance())));
        exposition.add(
                FAILING,
                samples -> configured.ifPresent(
                        now -> samples.add((long) now.failing().size())));
    }

    private static Map<String, Boolean> unreadable(List<RouterLine> routers) {
        SortedMap<String, Boolean> unreadable = new TreeMap<>();
        for (RouterLine router : routers) {
            for (PeerLine peer : router.peers()) {
                unreadable.merge(peer.address(), peer.role().equals("unreadable"), Boolean::logicalOr);
            }
        }
        return unreadable;
    }

    /** Returns how long ago each peer was heard, by its address. */
    private static Map<String, Double> silence(List<RouterLine> routers) {
        SortedMap<String, Double> silence = new TreeMap<>();
        for (RouterLine router : routers) {
            for (PeerLine peer : router.peers()) {
                if (peer.heardMillis() >= 0) {
                    silence.merge(peer.address(), peer.heardMillis() / 1000, Math::min);
                }
            }
        }
        return silence;
    }
}
