package io.fairlead.kube.address;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.kube.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a Service asks for: by its field, or by the annotations that users of MetalLB and kube-vip have, or by ours.
 *
 * @param addresses at most one of each family; empty for any
 * @param pool the pool to take them from; empty for any
 * @param sharingKey Services with the same may share an address; empty for none
 */
record AddressWish(List<IpAddress> addresses, Optional<String> pool, String sharingKey) {

    private static final List<String> ADDRESSES =
            List.of("fairlead.io/addresses", "metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs");
    private static final List<String> POOL =
            List.of("fairlead.io/address-pool", "metallb.io/address-pool", "metallb.universe.tf/address-pool");
    private static final List<String> SHARING =
            List.of("fairlead.io/allow-shared-ip", "metallb.io/allow-shared-ip", "metallb.universe.tf/allow-shared-ip");
    private static final String KUBE_VIP_ADDRESSES = "kube-vip.io/loadbalancerIPs";

    AddressWish {
        addresses = List.copyOf(addresses);
    }

    /**
     * Reads the wish.
     *
     * @throws IllegalArgumentException if it contradicts itself or the Service, or is no address
     */
    static AddressWish of(Service service) {
        Map<String, String> annotations = service.metadata().annotations();
        List<IpAddress> addresses = addresses(service, annotations);
        for (int i = 0; i < addresses.size(); i++) {
            IpFamily family = addresses.get(i).family();
            if (!service.spec().families().contains(family)) {
                throw new IllegalArgumentException(
                        "requested address " + addresses.get(i) + " (expected: a family of the Service)");
            }
            if (i == 1 && addresses.getFirst().family() == family) {
                throw new IllegalArgumentException("requested addresses " + addresses.getFirst() + ", "
                        + addresses.getLast() + " (expected: one of each family)");
            }
        }
        return new AddressWish(
                addresses, first(annotations, POOL), first(annotations, SHARING).orElse(""));
    }

    private static List<IpAddress> addresses(Service service, Map<String, String> annotations) {
        // kube-vip's cloud provider copies the field into its annotation: together they are one wish.
        Optional<String> copied = first(annotations, List.of(KUBE_VIP_ADDRESSES));
        Optional<String> annotated = first(annotations, ADDRESSES);
        Optional<String> field = service.spec().loadBalancerIp();
        if (annotated.isPresent() && field.isPresent()) {
            throw new IllegalArgumentException("requested by spec.loadBalancerIP, " + field.get()
                    + ", and by an annotation, " + annotated.get() + " (expected: one of the two)");
        }
        String text = copied.or(() -> annotated).or(() -> field).orElse("");
        List<IpAddress> found = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                found.add(parse(part.strip()));
            }
        }
        if (found.size() > 2) {
            throw new IllegalArgumentException(
                    "requested addresses " + text + " (expected: at most one of each family)");
        }
        return found;
    }

    private static IpAddress parse(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("requested address \"" + text + "\" (expected: an IP address)", e);
        }
    }

    private static Optional<String> first(Map<String, String> annotations, List<String> keys) {
        return keys.stream()
                .map(key -> annotations.getOrDefault(key, "").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
