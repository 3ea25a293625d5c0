package io.fairlead.kube.model;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.TransportProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Service (core/v1). */
public record Service(Metadata metadata, Spec spec, List<Ingress> ingress) implements ClusterObject {

    public Service {
        ingress = List.copyOf(ingress);
    }

    /** What it is for; only {@link #LOAD_BALANCER} concerns us. */
    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    /** How many families it asks for. */
    public enum FamilyPolicy {
        SINGLE_STACK,
        PREFER_DUAL_STACK,
        REQUIRE_DUAL_STACK
    }

    /**
     * What its owner asked for.
     *
     * @param loadBalancerIp the text of the field, which need not be an address
     * @param families in the owner's order; never empty
     * @param clusterIps the families that the cluster gave it; empty for a headless Service
     * @param localTraffic external traffic policy Local: only nodes with endpoints, which keep the client's address
     * @param healthCheckNodePort 0 for none
     * @param affinity how long a client goes back to its real server; empty for session affinity None
     * @param sourceRanges as they were written
     */
    public record Spec(
            Type type,
            Optional<String> loadBalancerClass,
            Optional<String> loadBalancerIp,
            List<IpFamily> families,
            FamilyPolicy familyPolicy,
            List<IpAddress> clusterIps,
            List<Port> ports,
            boolean localTraffic,
            int healthCheckNodePort,
            Optional<Duration> affinity,
            List<String> sourceRanges,
            List<IpAddress> externalIps,
            Map<String, String> selector) {

        public Spec {
            families = List.copyOf(families);
            clusterIps = List.copyOf(clusterIps);
            ports = List.copyOf(ports);
            sourceRanges = List.copyOf(sourceRanges);
            externalIps = List.copyOf(externalIps);
            selector = Map.copyOf(selector);
        }
    }

    /**
     * A port that clients connect to.
     *
     * @param name empty only where it is the only port
     * @param port 1..65535
     * @param nodePort 0 for none
     */
    public record Port(String name, TransportProtocol protocol, int port, int nodePort) {}

    /**
     * An entry of its status: how it is reached from outside.
     *
     * @param address the address as text; empty if the entry has a host name instead
     * @param ipMode {@code VIP} or {@code Proxy}; empty if not said
     */
    public record Ingress(String address, String ipMode) {}

    @Override
    public ObjectName name() {
        return metadata.name();
    }

    @Override
    public String resourceVersion() {
        return metadata.resourceVersion();
    }
}
