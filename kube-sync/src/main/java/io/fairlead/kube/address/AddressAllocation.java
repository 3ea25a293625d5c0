package io.fairlead.kube.address;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gives addresses to Services. Everything is computed from the Services themselves, whose status is the only record of who
 * has what: nothing has to be shared between peers, and nothing is lost with a disk.
 *
 * <p>In this order, and among equals the older Service first, then by name:
 *
 * <ol>
 *   <li>Services that hold an address keep it, if they still may. Otherwise a restart would give it to somebody else.
 *   <li>Services that ask for an address get it, if it is free.
 *   <li>All others get the lowest free address of the first pool, by name, that has one in each family that they need.
 * </ol>
 *
 * <p>A Service that asks for what it cannot have gets nothing, rather than something else. An address that some Service has
 * among its external addresses is never given away: kube-proxy takes packets to it on every node.
 */
public final class AddressAllocation {

    private static final Comparator<Service> ORDER = Comparator.comparing(
                    (Service service) -> service.metadata().created())
            .thenComparing(Service::name);

    private final List<AddressPool> pools;
    private final Map<IpAddress, AddressUse> used = new HashMap<>();
    private final Set<IpAddress> external = new HashSet<>();
    /** Where the next free address of a range is looked for: behind all that were given away in this run. */
    private final Map<AddressRange, IpAddress> nextFree = new HashMap<>();

    private final Map<ObjectName, AddressAssignment> assignments = new TreeMap<>();

    private AddressAllocation(List<AddressPool> pools) {
        this.pools =
                pools.stream().sorted(Comparator.comparing(AddressPool::name)).toList();
    }

    private record Candidate(Service service, AddressWish wish) {}

    /**
     * Returns what each of {@code services} gets.
     *
     * @param services those that are ours
     * @param externalIps addresses that any Service of the cluster has of its own
     */
    public static Map<ObjectName, AddressAssignment> allocate(
            List<AddressPool> pools, Collection<Service> services, Collection<IpAddress> externalIps) {
        AddressAllocation allocation = new AddressAllocation(pools);
        allocation.external.addAll(externalIps);
        allocation.run(services);
        return allocation.assignments;
    }

    private void run(Collection<Service> services) {
        List<Candidate> candidates = new ArrayList<>();
        services.stream().sorted(ORDER).forEach(service -> {
            try {
                candidates.add(new Candidate(service, AddressWish.of(service)));
            } catch (IllegalArgumentException e) {
                assignments.put(service.name(), new Refused(String.valueOf(e.getMessage())));
            }
        });
        candidates.removeIf(this::keep);
        List<Candidate> anywhere = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (candidate.wish.addresses().isEmpty()) {
                anywhere.add(candidate);
            } else {
                assignments.put(candidate.service.name(), grant(candidate, candidate.wish.addresses()));
            }
        }
        for (Candidate candidate : anywhere) {
            assignments.put(candidate.service.name(), choose(candidate));
        }
    }

    /** Returns whether the Service keeps what its status says that it has. */
    private boolean keep(Candidate candidate) {
        List<IpAddress> held = new ArrayList<>();
        for (Service.Ingress ingress : candidate.service.ingress()) {
            try {
                held.add(IpAddress.parse(ingress.address()));
            } catch (IllegalArgumentException e) {
                return false; // a host name, or nothing of ours
            }
        }
        boolean isWhatItWants = candidate.wish.addresses().isEmpty()
                || new HashSet<>(held).equals(new HashSet<>(candidate.wish.addresses()));
        if (held.isEmpty() || !isWhatItWants || !hasTheFamilies(candidate.service, held)) {
            return false;
        }
        AddressAssignment assignment = grant(candidate, held);
        if (assignment instanceof Refused) {
            return false;
        }
        assignments.put(candidate.service.name(), assignment);
        return true;
    }

    private static boolean hasTheFamilies(Service service, List<IpAddress> addresses) {
        Set<IpFamily> families = new HashSet<>();
        for (IpAddress address : addresses) {
            if (!families.add(address.family())) {
                return false;
            }
        }
        return switch (service.spec().familyPolicy()) {
            case SINGLE_STACK, REQUIRE_DUAL_STACK ->
                families.equals(new HashSet<>(service.spec().families()));
            case PREFER_DUAL_STACK -> new HashSet<>(service.spec().families()).containsAll(families);
        };
    }

    /** Gives exactly {@code addresses}, all of them or none. */
    private AddressAssignment grant(Candidate candidate, List<IpAddress> addresses) {
        String poolName = "";
        for (IpAddress address : addresses) {
            Optional<AddressPool> pool =
                    pools.stream().filter(each -> each.contains(address)).findFirst();
            if (pool.isEmpty()) {
                return new Refused("address " + address + " is in no pool");
            }
            if (candidate.wish.pool().isPresent()
                    && !candidate.wish.pool().get().equals(pool.get().name())) {
                return new Refused(
                        "address " + address + " is of pool " + pool.get().name() + " (expected: pool "
                                + candidate.wish.pool().get() + ", as requested)");
            }
            Optional<String> objection = objection(candidate, address);
            if (objection.isPresent()) {
                return new Refused("address " + address + ": " + objection.get());
            }
            poolName = poolName.isEmpty() ? pool.get().name() : poolName;
        }
        Set<IpFamily> families = new HashSet<>();
        addresses.forEach(address -> families.add(address.family()));
        if (candidate.service.spec().familyPolicy() == Service.FamilyPolicy.REQUIRE_DUAL_STACK && families.size() < 2) {
            return new Refused("requested " + addresses.getFirst() + " only (expected: one of each family, as"
                    + " RequireDualStack)");
        }
        return take(candidate, addresses, poolName);
    }

    private Optional<String> objection(Candidate candidate, IpAddress address) {
        if (external.contains(address)) {
            return Optional.of("an external address of a Service");
        }
        AddressUse use = used.get(address);
        return use == null ? Optional.empty() : use.objection(candidate.service, candidate.wish.sharingKey());
    }

    private Assigned take(Candidate candidate, List<IpAddress> addresses, String pool) {
        List<IpAddress> ordered = new ArrayList<>(addresses);
        ordered.sort(Comparator.comparingInt(
                address -> candidate.service.spec().families().indexOf(address.family())));
        for (IpAddress address : ordered) {
            used.computeIfAbsent(address, _ -> new AddressUse()).add(candidate.service, candidate.wish.sharingKey());
        }
        return new Assigned(ordered, pool);
    }

    private AddressAssignment choose(Candidate candidate) {
        Service service = candidate.service;
        List<IpFamily> families = service.spec().families();
        if (service.spec().familyPolicy() == Service.FamilyPolicy.REQUIRE_DUAL_STACK && families.size() < 2) {
            return new Refused("RequireDualStack with one family (expected: two)");
        }
        Optional<String> wanted = candidate.wish.pool();
        if (wanted.isPresent() && pools.stream().noneMatch(pool -> pool.name().equals(wanted.get()))) {
            return new Refused("pool " + wanted.get() + " does not exist");
        }
        List<AddressPool> eligible = pools.stream()
                .filter(pool -> wanted.map(name -> name.equals(pool.name())).orElse(pool.automatic()))
                .toList();
        boolean prefersBoth = service.spec().familyPolicy() == Service.FamilyPolicy.PREFER_DUAL_STACK;
        for (AddressPool pool : eligible) {
            List<IpAddress> found = free(candidate, pool, families);
            if (found.size() == families.size()) {
                return take(candidate, found, pool.name());
            }
        }
        for (AddressPool pool : prefersBoth ? eligible : List.<AddressPool>of()) {
            List<IpAddress> found = free(candidate, pool, families);
            if (!found.isEmpty()) {
                return take(candidate, found, pool.name());
            }
        }
        return new Refused(
                eligible.isEmpty()
                        ? "no pool gives addresses automatically"
                        : "no pool has a free address of " + families + " left");
    }

    private List<IpAddress> free(Candidate candidate, AddressPool pool, List<IpFamily> families) {
        List<IpAddress> found = new ArrayList<>();
        for (IpFamily family : families) {
            pool.ranges().stream()
                    .filter(range -> range.family() == family)
                    .map(range -> lowestFree(candidate, range))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(found::add);
        }
        return found;
    }

    private Optional<IpAddress> lowestFree(Candidate candidate, AddressRange range) {
        boolean mayShare = !candidate.wish.sharingKey().isEmpty();
        Optional<IpAddress> address =
                Optional.of(mayShare ? range.first() : nextFree.getOrDefault(range, range.first()));
        while (address.isPresent() && objection(candidate, address.get()).isPresent()) {
            address = range.next(address.get());
        }
        if (!mayShare) {
            nextFree.put(range, address.orElse(range.last()));
        }
        return address;
    }
}
