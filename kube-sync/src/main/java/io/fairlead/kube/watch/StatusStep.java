package io.fairlead.kube.watch;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides what is to be written about a Service. Pure.
 *
 * <pre>
 * Service             finalizer  status
 * ------------------  ---------  -------------------------------------------------
 * ours, has address   ours       its addresses
 * ours, refused       as it is   none of our pools, if that is what it has
 * not ours any more   not ours   none of our pools, if that is what it has
 * being deleted       not ours   as it is: it goes with the object
 * </pre>
 */
final class StatusStep {

    /** Our own: the name that cloud providers share is taken off by any of them. */
    static final String FINALIZER = "fairlead.io/load-balancer";

    /** As the service controller of cloud providers. */
    private static final Duration RETRY_MIN = Duration.ofSeconds(5);

    private static final Duration RETRY_MAX = Duration.ofMinutes(5);
    private static final int DOUBLINGS_MAX = 6;

    /** What is to be written; {@link #NOTHING} if all is as it should be. */
    record Writes(Optional<List<String>> finalizers, Optional<List<Service.Ingress>> ingress) {

        static final Writes NOTHING = new Writes(Optional.empty(), Optional.empty());

        boolean isNothing() {
            return finalizers.isEmpty() && ingress.isEmpty();
        }
    }

    private StatusStep() {}

    /**
     * @param mapped what it has become; empty if it is not ours
     * @param isFromAPool whether we could have given the address
     */
    static Writes of(
            Service service,
            Optional<MappedService> mapped,
            ForwardingMethod forwarding,
            Predicate<IpAddress> isFromAPool) {
        boolean isHeld = service.metadata().finalizers().contains(FINALIZER);
        if (mapped.isEmpty()) {
            if (!isHeld) {
                return Writes.NOTHING;
            }
            boolean clears = !service.metadata().deleting() && isAllFromPools(service, isFromAPool);
            return new Writes(
                    Optional.of(finalizers(service, false)), clears ? Optional.of(List.of()) : Optional.empty());
        }
        return switch (mapped.get().assignment()) {
            case Refused _ ->
                isAllFromPools(service, isFromAPool)
                        ? new Writes(Optional.empty(), Optional.of(List.of()))
                        : Writes.NOTHING;
            case Assigned(var addresses, var _) -> {
                List<Service.Ingress> wanted = ingress(addresses, forwarding);
                yield new Writes(
                        isHeld ? Optional.empty() : Optional.of(finalizers(service, true)),
                        isSame(wanted, service.ingress()) ? Optional.empty() : Optional.of(wanted));
            }
        };
    }

    /**
     * Returns how long to wait before a write is tried again.
     *
     * @param failures how often it failed before this time
     * @param asked how long the API asks to be left alone
     */
    static Duration retryPause(int failures, Optional<Duration> asked) {
        Duration grown = RETRY_MIN.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
        Duration own = grown.compareTo(RETRY_MAX) < 0 ? grown : RETRY_MAX;
        return asked.filter(duration -> duration.compareTo(own) > 0).orElse(own);
    }

    private static boolean isAllFromPools(Service service, Predicate<IpAddress> isFromAPool) {
        return !service.ingress().isEmpty()
                && service.ingress().stream().allMatch(entry -> {
                    try {
                        return isFromAPool.test(IpAddress.parse(entry.address()));
                    } catch (IllegalArgumentException e) {
                        return false; // a host name
                    }
                });
    }

    private static List<String> finalizers(Service service, boolean withOurs) {
        List<String> finalizers = new ArrayList<>(service.metadata().finalizers());
        finalizers.remove(FINALIZER);
        if (withOurs) {
            finalizers.add(FINALIZER);
        }
        return finalizers;
    }

    /**
     * NAT changes the address before packets reach the cluster, so clients in it must go through us; otherwise nodes see the
     * virtual address and may serve it themselves.
     */
    private static List<Service.Ingress> ingress(List<IpAddress> addresses, ForwardingMethod forwarding) {
        String mode = forwarding == ForwardingMethod.MASQUERADE ? "Proxy" : "VIP";
        return addresses.stream()
                .map(address -> new Service.Ingress(address.toString(), mode))
                .toList();
    }

    /** The API fills VIP in where no mode was given. */
    private static boolean isSame(List<Service.Ingress> wanted, List<Service.Ingress> found) {
        List<Service.Ingress> filled = found.stream()
                .map(entry -> entry.ipMode().isEmpty() ? new Service.Ingress(entry.address(), "VIP") : entry)
                .toList();
        return wanted.size() == filled.size() && new HashSet<>(wanted).equals(new HashSet<>(filled));
    }
}
