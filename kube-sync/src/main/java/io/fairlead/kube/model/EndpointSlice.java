package io.fairlead.kube.model;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.TransportProtocol;
import java.util.List;
import java.util.Optional;

/**
 * An EndpointSlice (discovery.k8s.io/v1): some of the endpoints of a Service.
 *
 * @param service the name of the Service, in the namespace of the slice; empty if it belongs to none that is served
 * @param family empty for host names
 */
public record EndpointSlice(
        ObjectName name,
        String resourceVersion,
        String service,
        Optional<IpFamily> family,
        List<Port> ports,
        List<Endpoint> endpoints)
        implements ClusterObject {

    public EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /** @param port 1..65535, or 0 where the slice does not say, which matches nothing */
    public record Port(String name, TransportProtocol protocol, int port) {}

    /**
     * One endpoint with its first address, the only one that counts.
     *
     * @param ready gets new connections
     * @param serving answers, also while it ends
     * @param terminating is ending
     * @param node the node that it runs on; empty if not said
     * @param zones the zones that it is hinted for; empty without hints
     */
    public record Endpoint(
            IpAddress address, boolean ready, boolean serving, boolean terminating, String node, List<String> zones) {

        public Endpoint {
            zones = List.copyOf(zones);
        }
    }
}
