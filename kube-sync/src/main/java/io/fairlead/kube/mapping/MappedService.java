package io.fairlead.kube.mapping;

import io.fairlead.kube.address.AddressAssignment;
import io.fairlead.kube.model.Service;
import java.util.List;

/**
 * A Service that is ours, with what it becomes.
 *
 * @param assignment which addresses it has, or why none
 * @param servers its virtual servers; none without an address
 * @param remarks what of it cannot be served, each with its reason
 */
public record MappedService(
        Service service, AddressAssignment assignment, List<KubernetesServer> servers, List<String> remarks) {

    public MappedService {
        servers = List.copyOf(servers);
        remarks = List.copyOf(remarks);
    }
}
