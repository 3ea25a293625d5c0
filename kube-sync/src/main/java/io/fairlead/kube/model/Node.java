package io.fairlead.kube.model;

import io.fairlead.core.net.IpAddress;
import java.util.List;

/**
 * A Node (core/v1).
 *
 * @param internal its addresses within the cluster, in the order of its status
 * @param external those that are reached from elsewhere
 * @param eligible neither excluded from load balancers, nor being deleted, nor about to be removed by the autoscaler
 */
public record Node(
        ObjectName name, String resourceVersion, List<IpAddress> internal, List<IpAddress> external, boolean eligible)
        implements ClusterObject {

    public Node {
        internal = List.copyOf(internal);
        external = List.copyOf(external);
    }
}
