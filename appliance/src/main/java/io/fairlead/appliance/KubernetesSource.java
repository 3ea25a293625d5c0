package io.fairlead.appliance;

import io.fairlead.appliance.admin.KubernetesReport;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.KubernetesConfig;
import io.fairlead.conf.KubernetesPool;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.time.Ticker;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.mapping.ClusterMapping;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.watch.ClusterFile;
import io.fairlead.kube.watch.ClusterFollower;
import io.fairlead.kube.watch.ClusterView;
import io.fairlead.kube.watch.KubernetesApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the cluster that the configuration names, if it names one; begins anew when what it says of it changes. */
final class KubernetesSource implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);

    private final ConfigurationReloader reloader;
    private final ClusterFile file;
    private final Predicate<Optional<String>> actsFor;
    private final Ticker ticker;

    private KubernetesConfig config = KubernetesConfig.OFF;
    private Optional<ClusterFollower> follower = Optional.empty();
    private Optional<String> failure = Optional.empty();

    /** @param actsFor whether this node is the one that writes to the API now of Services with addresses of a virtual router */
    KubernetesSource(
            ConfigurationReloader reloader, Path stateDirectory, Predicate<Optional<String>> actsFor, Ticker ticker) {
        this.reloader = reloader;
        this.file = new ClusterFile(stateDirectory);
        this.actsFor = actsFor;
        this.ticker = ticker;
    }

    /** Returns what our Services became in an earlier run: to be served until the cluster has been asked. */
    SortedMap<ObjectName, MappedService> saved(KubernetesConfig kubernetes) {
        if (!kubernetes.enabled()) {
            return new TreeMap<>();
        }
        ClusterMapping mapping = mapping(kubernetes);
        try {
            file.load().forEach(mapping::put);
        } catch (IOException e) {
            LOG.warn("What was known of the cluster is lost: {}", e.getMessage());
        }
        mapping.refresh();
        return mapping.mapped();
    }

    private static ClusterMapping mapping(KubernetesConfig kubernetes) {
        return new ClusterMapping(kubernetes.services(), kubernetes.mapping(), kubernetes.addressPools());
    }

    /**
     * Follows what {@code next} says.
     *
     * @param force believes what was doubted
     */
    synchronized void follow(FairleadConfig next, boolean force) {
        if (next.kubernetes().equals(config) && failure.isEmpty()) {
            if (force) {
                follower.ifPresent(KubernetesSource::confirm);
            }
            return;
        }
        stop();
        config = next.kubernetes();
        failure = Optional.empty();
        if (!config.enabled()) {
            return;
        }
        try {
            KubernetesApi api = KubernetesApi.open(config.kubeconfig());
            LOG.info(
                    "Following Kubernetes server={} class={}",
                    api.server(),
                    config.services().loadBalancerClass().orElse("-"));
            follower = Optional.of(ClusterFollower.start(
                    api,
                    mapping(config),
                    next.removalGuard(),
                    Optional.of(file),
                    new ClusterFollower.StatusRules(
                            config.mapping().forwarding(), this::isFromAPool, mayWrite(config.pools())),
                    reloader::followCluster,
                    ticker));
        } catch (IOException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            LOG.error("Kubernetes is not followed; a reload tries again: {}", e.getMessage());
        }
    }

    /** Services without an address, and those of a pool that names no virtual router, have one writer all the same. */
    private Predicate<String> mayWrite(List<KubernetesPool> pools) {
        Map<String, Optional<String>> routers = new HashMap<>();
        pools.forEach(pool -> routers.put(pool.pool().name(), pool.virtualRouter()));
        return pool -> actsFor.test(routers.getOrDefault(pool, Optional.empty()));
    }

    private static void confirm(ClusterFollower follower) {
        try {
            follower.confirm();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isFromAPool(IpAddress address) {
        return config.addressPools().stream().anyMatch(pool -> pool.contains(address));
    }

    /** Tells how things stand. */
    KubernetesReport report() {
        Optional<ClusterFollower> asked;
        List<String> problems;
        boolean isEnabled;
        synchronized (this) {
            asked = follower;
            problems = failure.map(List::of).orElse(List.of());
            isEnabled = config.enabled();
        }
        if (asked.isEmpty()) {
            return new KubernetesReport(
                    KubernetesReport.SCHEMA_VERSION, isEnabled, "", false, problems, List.of(), List.of(), List.of());
        }
        ClusterView view = asked.get().view();
        return new KubernetesReport(
                KubernetesReport.SCHEMA_VERSION,
                true,
                view.server(),
                view.isWhole(),
                view.problems(),
                view.heldBack(),
                reloader.clusterConflicts(),
                view.services().values().stream().map(KubernetesSource::line).toList());
    }

    private static KubernetesReport.ServiceLine line(MappedService service) {
        String name = service.service().name().toString();
        int realServers = service.servers().stream()
                .mapToInt(server -> server.realServers().size())
                .sum();
        return switch (service.assignment()) {
            case Assigned(var addresses, var pool) ->
                new KubernetesReport.ServiceLine(
                        name,
                        addresses.stream().map(IpAddress::toString).toList(),
                        pool,
                        service.servers().size(),
                        realServers,
                        service.remarks());
            case Refused(var reason) -> new KubernetesReport.ServiceLine(name, List.of(), "", 0, 0, List.of(reason));
        };
    }

    private synchronized void stop() {
        follower.ifPresent(ClusterFollower::close);
        follower = Optional.empty();
    }

    @Override
    public void close() {
        stop();
    }
}
