package io.fairlead.kube.mapping;

import io.fairlead.kube.model.Service;
import java.util.Optional;
import java.util.Set;

/**
 * Which Services are ours.
 *
 * @param loadBalancerClass the class that they ask for; empty to serve none by class
 * @param isDefault whether those that ask for no class are ours too
 * @param namespaces where they are; empty for everywhere
 */
public record ServiceFilter(
        Optional<String> loadBalancerClass, boolean isDefault, Set<String> namespaces, LabelSelector labels) {

    public ServiceFilter {
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * Returns whether {@code service} asks for us. One that is being deleted does not any more; neither does a headless one,
     * which the API refuses but an old object may be.
     */
    public boolean isOurs(Service service) {
        return service.spec().type() == Service.Type.LOAD_BALANCER
                && !service.metadata().deleting()
                && !service.spec().clusterIps().isEmpty()
                && isOurClass(service.spec().loadBalancerClass())
                && (namespaces.isEmpty() || namespaces.contains(service.name().namespace()))
                && labels.matches(service.metadata().labels());
    }

    private boolean isOurClass(Optional<String> asked) {
        return asked.isPresent() ? asked.equals(loadBalancerClass) : isDefault;
    }
}
