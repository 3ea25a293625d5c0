package io.fairlead.kube.mapping;

import io.fairlead.core.model.ForwardingMethod;

/**
 * How Services become virtual servers.
 *
 * @param target what the real servers are
 * @param forwarding how packets reach them; only {@link ForwardingMethod#MASQUERADE} can change the port
 * @param zone the zone of the cluster that we stand in; empty for none
 * @param externalNodeAddresses whether nodes are reached by their external addresses; otherwise by internal ones
 */
public record MappingSpec(TargetKind target, ForwardingMethod forwarding, String zone, boolean externalNodeAddresses) {

    /** Nodes by NAT, without a zone. */
    public static final MappingSpec NODES = new MappingSpec(TargetKind.NODES, ForwardingMethod.MASQUERADE, "", false);

    /** Pods by NAT, without a zone. */
    public static final MappingSpec PODS = new MappingSpec(TargetKind.PODS, ForwardingMethod.MASQUERADE, "", false);

    /** Returns the same in another zone. */
    public MappingSpec inZone(String otherZone) {
        return new MappingSpec(target, forwarding, otherZone, externalNodeAddresses);
    }

    /** Returns the same with another forwarding method. */
    public MappingSpec forwardingBy(ForwardingMethod method) {
        return new MappingSpec(target, method, zone, externalNodeAddresses);
    }
}
