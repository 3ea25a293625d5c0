package io.fairlead.kube.mapping;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.EndpointSlice.Endpoint;
import io.fairlead.kube.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The endpoints of one port of one Service in one family: the union of all slices, each address and port once.
 *
 * <p>An endpoint may stand in two slices for a moment, while it moves, and one slice may list it twice. The best entry counts:
 * one that is ready before one that still serves while it ends, before the rest; of equals the first, by the name of the
 * slice. kube-proxy lets a later entry that is not ending overwrite ({@code pkg/proxy/endpointslicecache.go}), which in two
 * conflicting entries leaves the choice to the order of a Go map; wherever its answer is determined, it is this one.
 *
 * @param endpoints ordered by address and port
 */
record EndpointSet(NavigableMap<ServerAddress, Endpoint> endpoints) {

    /** Merges {@code slices}, which are all of the Service and in any order. */
    static EndpointSet of(Service.Port port, IpFamily family, Collection<EndpointSlice> slices) {
        List<EndpointSlice> ordered = new ArrayList<>(slices);
        ordered.sort(Comparator.comparing(EndpointSlice::name));
        NavigableMap<ServerAddress, Endpoint> best = new TreeMap<>();
        for (EndpointSlice slice : ordered) {
            if (slice.family().filter(family::equals).isPresent()) {
                for (EndpointSlice.Port slicePort : slice.ports()) {
                    if (slicePort.port() != 0
                            && slicePort.name().equals(port.name())
                            && slicePort.protocol() == port.protocol()) {
                        merge(best, slice.endpoints(), family, slicePort.port());
                    }
                }
            }
        }
        return new EndpointSet(best);
    }

    private static void merge(Map<ServerAddress, Endpoint> best, List<Endpoint> endpoints, IpFamily family, int port) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.address().family() == family) {
                best.merge(
                        new ServerAddress(endpoint.address(), port),
                        endpoint,
                        (before, next) -> rank(next) > rank(before) ? next : before);
            }
        }
    }

    private static int rank(Endpoint endpoint) {
        if (endpoint.ready()) {
            return 2;
        }
        return endpoint.serving() && endpoint.terminating() ? 1 : 0;
    }

    /**
     * Returns who gets new connections, wherever they run: the ready ones, of these only those for our zone where the hints
     * are complete; if none is ready, those that still serve while they end (KEP 1669, ProxyTerminatingEndpoints).
     *
     * @param zone ours; empty if the operator did not say, and then hints have no effect
     */
    List<ServerAddress> inCluster(String zone) {
        List<ServerAddress> ready = addresses(Endpoint::ready);
        if (ready.isEmpty()) {
            return addresses(EndpointSet::drains);
        }
        return hintsAreOfUse(zone)
                ? addresses(endpoint -> endpoint.ready() && endpoint.zones().contains(zone))
                : ready;
    }

    /** Returns who ends but still serves, whether or not others are ready. */
    List<ServerAddress> draining() {
        return addresses(EndpointSet::drains);
    }

    /** Returns the nodes of those. */
    Set<String> drainingNodes() {
        return countByNode(EndpointSet::drains).keySet();
    }

    /** Returns whether any endpoint is ready, wherever it runs. */
    boolean hasReady() {
        return endpoints.values().stream().anyMatch(Endpoint::ready);
    }

    /** Hints count only if every ready endpoint has one and one of them names our zone: they must never empty the set. */
    private boolean hintsAreOfUse(String zone) {
        boolean isNamed = false;
        for (Endpoint endpoint : endpoints.values()) {
            if (endpoint.ready()) {
                if (endpoint.zones().isEmpty()) {
                    return false;
                }
                isNamed |= endpoint.zones().contains(zone);
            }
        }
        return isNamed;
    }

    /** Returns who would get connections that reach {@code node} and may not leave it. */
    List<ServerAddress> onNode(String node) {
        List<ServerAddress> ready =
                addresses(endpoint -> endpoint.ready() && endpoint.node().equals(node));
        return ready.isEmpty()
                ? addresses(endpoint -> drains(endpoint) && endpoint.node().equals(node))
                : ready;
    }

    /**
     * Returns the nodes that get connections which may not leave them, each with how many of its endpoints take part: nodes
     * with ready endpoints; if there is none, those whose endpoints still serve while they end.
     */
    Map<String, Integer> nodes() {
        Map<String, Integer> ready = countByNode(Endpoint::ready);
        return ready.isEmpty() ? countByNode(EndpointSet::drains) : ready;
    }

    /** Counts distinct addresses, not ports: two ports of one pod are one endpoint ({@code proxy/healthcheck}). */
    private Map<String, Integer> countByNode(Wanted wanted) {
        Map<String, Set<IpAddress>> found = new TreeMap<>();
        endpoints.forEach((address, endpoint) -> {
            if (wanted.test(endpoint) && !endpoint.node().isEmpty()) {
                found.computeIfAbsent(endpoint.node(), _ -> new HashSet<>()).add(address.address());
            }
        });
        Map<String, Integer> counts = new TreeMap<>();
        found.forEach((node, addresses) -> counts.put(node, addresses.size()));
        return counts;
    }

    private static boolean drains(Endpoint endpoint) {
        return !endpoint.ready() && endpoint.serving() && endpoint.terminating();
    }

    private interface Wanted {
        boolean test(Endpoint endpoint);
    }

    private List<ServerAddress> addresses(Wanted wanted) {
        List<ServerAddress> found = new ArrayList<>();
        endpoints.forEach((address, endpoint) -> {
            if (wanted.test(endpoint)) {
                found.add(address);
            }
        });
        return found;
    }
}
