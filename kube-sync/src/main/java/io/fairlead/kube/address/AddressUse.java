package io.fairlead.kube.address;

import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who uses one address. As in MetalLB, several Services may if they all say so and do not get in each other's way. */
final class AddressUse {

    private final List<User> users = new ArrayList<>();

    private record User(
            ObjectName service, String sharingKey, Set<String> ports, Optional<Map<String, String>> selector) {}

    /** With external traffic policy Local, Services that share must be served by the same pods, so on the same nodes. */
    private static User user(Service service, String sharingKey) {
        Set<String> ports = new HashSet<>();
        service.spec().ports().forEach(port -> ports.add(port.protocol() + "/" + port.port()));
        return new User(
                service.name(),
                sharingKey,
                ports,
                service.spec().localTraffic() ? Optional.of(service.spec().selector()) : Optional.empty());
    }

    /** Returns why {@code service} cannot use the address too; empty if it can. */
    Optional<String> objection(Service service, String sharingKey) {
        User candidate = user(service, sharingKey);
        for (User user : users) {
            if (sharingKey.isEmpty() || !sharingKey.equals(user.sharingKey)) {
                return Optional.of("in use by " + user.service);
            }
            for (String port : candidate.ports) {
                if (user.ports.contains(port)) {
                    return Optional.of("port " + port + " is in use by " + user.service);
                }
            }
            if (!candidate.selector.equals(user.selector)) {
                return Optional.of("shared with " + user.service
                        + ", which has other pods (expected: the same selector with external traffic policy Local)");
            }
        }
        return Optional.empty();
    }

    void add(Service service, String sharingKey) {
        users.add(user(service, sharingKey));
    }
}
