package io.fairlead.kube.model;

/** An object of the cluster that decides something about virtual servers. */
public sealed interface ClusterObject permits Service, EndpointSlice, Node {

    /** Returns what names it among those of its kind. */
    ObjectName name();

    /** Returns its version as the API server tells it: to be compared for equality only. */
    String resourceVersion();
}
