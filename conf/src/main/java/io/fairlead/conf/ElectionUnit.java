package io.fairlead.conf;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.UnitSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A unit of election with what the election itself need not know.
 *
 * @param routers one, or those of a sync group in the order that the operator gave
 * @param tracked what each of the spec's tracks stands for, in the same order
 * @param notification what is run when the role changes
 */
public record ElectionUnit(
        UnitSpec spec, List<VirtualRouterSpec> routers, List<TrackedThing> tracked, Optional<NotifySpec> notification) {

    public ElectionUnit {
        routers = List.copyOf(routers);
        tracked = List.copyOf(tracked);
        if (tracked.size() != spec.tracks().size()) {
            throw new IllegalArgumentException("unit " + spec.name() + ": " + tracked.size() + " tracked things for "
                    + spec.tracks().size() + " tracks");
        }
    }

    public String name() {
        return spec.name();
    }

    ElectionUnit withAddresses(Map<String, List<IpAddress>> more) {
        return new ElectionUnit(
                spec,
                routers.stream()
                        .map(router -> router.withAddresses(more.getOrDefault(router.name(), List.of())))
                        .toList(),
                tracked,
                notification);
    }

    /** Returns the addresses of all routers: they come and go together. */
    public List<InterfaceAddressKey> addresses() {
        return routers.stream().flatMap(router -> router.addresses().stream()).toList();
    }
}
