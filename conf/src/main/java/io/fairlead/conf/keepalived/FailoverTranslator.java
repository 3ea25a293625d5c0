package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Commented;
import io.fairlead.conf.keepalived.HoconText.Plain;
import io.fairlead.core.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Translates VRRP instances to virtual routers. All of them share one channel between the appliances here, ids are of the whole
 * configuration, and a router has one interface: an instance with addresses on several becomes several routers that move as one.
 */
final class FailoverTranslator {

    private static final String SECRET_FILE = "/etc/fairlead/cluster.key";
    private static final int ID_STEP = 256; // above all that VRRP has
    private static final Duration LIFETIME_DEFAULT = Duration.ofSeconds(4);

    private final VrrpGlobals globals;
    private final ImportHost host;
    private final Remarks remarks;
    private final Map<String, Map<String, Object>> routers = new LinkedHashMap<>();
    private final Map<String, Object> groups = new LinkedHashMap<>();
    private final Set<Integer> ids = new HashSet<>();
    private final Set<String> places = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    FailoverTranslator(VrrpGlobals globals, ImportHost host, Remarks remarks) {
        this.globals = globals;
        this.host = host;
        this.remarks = remarks;
    }

    /** Returns the block {@code high-availability}; empty if nothing moves. */
    Map<String, Object> translate(List<VrrpInstance> instances, List<VrrpSyncGroup> syncGroups) {
        Map<String, VrrpInstance> byName = new LinkedHashMap<>();
        for (VrrpInstance instance : instances) {
            if (byName.putIfAbsent(instance.name(), instance) != null) {
                remarks.add(instance.at(), instance.name() + " is there already; left out");
            }
        }
        Set<String> grouped = new HashSet<>();
        for (VrrpSyncGroup group : syncGroups) {
            List<VrrpInstance> members = new ArrayList<>();
            for (String member : group.members()) {
                VrrpInstance instance = byName.get(member);
                if (instance == null || !grouped.add(member)) {
                    remarks.add(group.at(), member + " (expected: an instance that is in no other group); left out");
                } else {
                    members.add(instance);
                }
            }
            if (!members.isEmpty()) {
                unit(Optional.of(group), members);
            }
        }
        byName.values().stream()
                .filter(instance -> !grouped.contains(instance.name()))
                .forEach(instance -> unit(Optional.empty(), List.of(instance)));
        return routers.isEmpty() ? Map.of() : block(List.copyOf(byName.values()));
    }

    /** Writes what moves as one. */
    private void unit(Optional<VrrpSyncGroup> group, List<VrrpInstance> members) {
        VrrpInstance first = members.getFirst();
        Tracks tracks = new Tracks();
        List<NotifyScripts> scripts = new ArrayList<>();
        List<String> written = new ArrayList<>();
        List<String> ofFirst = List.of();
        for (VrrpInstance member : members) {
            if (group.isPresent() && !group.get().weighsTracks()) {
                List<String> dropped = member.tracks().dropWeighted();
                if (!dropped.isEmpty()) {
                    remarks.add(
                            member.at(),
                            String.join(", ", dropped)
                                    + ": left out altogether, as what has a weight is of no effect in a sync group"
                                    + " without sync_group_tracking_weight, in keepalived too");
                }
            }
            differences(member, first, group);
            if (!member.notifyScripts().isEmpty()) {
                scripts.add(member.notifyScripts());
            }
            List<String> added = routers(member, first, group.isPresent());
            tracks.addAll(member.tracks());
            ofFirst = ofFirst.isEmpty() ? added : ofFirst;
            written.addAll(added);
        }
        if (written.isEmpty()) {
            return;
        }
        group.ifPresent(found -> tracks.addAll(found.tracks()));
        group.map(VrrpSyncGroup::notifyScripts)
                .filter(found -> !found.isEmpty())
                .ifPresent(scripts::add);
        Map<String, Object> router = routers.get(ofFirst.getFirst());
        if (router != null) {
            common(router, first, tracks, scripts, group.map(VrrpSyncGroup::at).orElse(first.at()));
        }
        if (group.isPresent() || written.size() > 1) {
            groups.put(unique(group.map(VrrpSyncGroup::name).orElse(first.name())), List.copyOf(written));
        }
    }

    /** Says what a member of a sync group cannot have for itself. */
    private void differences(VrrpInstance member, VrrpInstance first, Optional<VrrpSyncGroup> group) {
        List<String> differing = new ArrayList<>();
        if (member.priority() != first.priority()) {
            differing.add("priority");
        }
        if (member.preempts() != first.preempts()) {
            differing.add("nopreempt");
        }
        if (!member.preemptDelay().equals(first.preemptDelay())) {
            differing.add("preempt_delay");
        }
        if (!member.interval().equals(first.interval())) {
            differing.add("advert_int");
        }
        if (member.misses() != first.misses()) {
            differing.add("down_timer_adverts");
        }
        if (!differing.isEmpty()) {
            remarks.add(
                    member.at(),
                    String.join(", ", differing) + ": taken from " + first.name() + ", as sync group "
                            + group.map(VrrpSyncGroup::name).orElse("") + " moves as one");
        }
    }

    /** Writes the routers of an instance, one for each interface; returns their names. */
    private List<String> routers(VrrpInstance instance, VrrpInstance settings, boolean isGrouped) {
        String own = instance.interfaceName().isEmpty() ? globals.defaultInterface() : instance.interfaceName();
        Map<String, Set<String>> byInterface = new LinkedHashMap<>();
        byInterface.put(own, new LinkedHashSet<>()); // before others, with the id of the instance
        for (PlacedAddress address : instance.addresses()) {
            String on = address.interfaceName().orElse(own);
            if (places.add(address.address() + " " + on)) {
                byInterface.computeIfAbsent(on, _ -> new LinkedHashSet<>()).add(address.text());
            } else {
                remarks.add(address.at(), "is there already; left out");
            }
        }
        byInterface.values().removeIf(Set::isEmpty);
        if (byInterface.isEmpty()) {
            remarks.add(instance.at(), "not carried over: no addresses");
            return List.of();
        }
        if (instance.id().isEmpty()) {
            remarks.add(instance.at(), "not carried over: no virtual_router_id");
            return List.of();
        }
        if (instance.tracksOwnInterface() && !byInterface.containsKey(own)) {
            instance.tracks().add("interfaces", own, 0, Map.of("name", own));
        }
        boolean isSplit = byInterface.size() > 1;
        List<String> written = new ArrayList<>();
        byInterface.forEach((interfaceName, addresses) -> {
            int id = freeId(instance.id().getAsInt());
            String name = unique(isSplit ? instance.name() + "." + interfaceName : instance.name());
            if (isSplit || id != instance.id().getAsInt()) {
                remarks.add(
                        instance.at(),
                        "becomes router " + name + " with id " + id + (isSplit && !isGrouped ? " in a sync group" : "")
                                + ": let it be the same on the peers");
            }
            Map<String, Object> router = new LinkedHashMap<>();
            router.put("id", id);
            router.put("interface", interfaceName);
            router.put("addresses", List.copyOf(addresses));
            settings(settings, router);
            boolean tracksInterface = instance.tracksOwnInterface() && interfaceName.equals(own);
            if (!tracksInterface) {
                router.put("track", new Tracks().block(false));
            }
            routers.put(name, router);
            written.add(name);
        });
        return written;
    }

    /** What all routers of a unit must have in common. */
    private static void settings(VrrpInstance instance, Map<String, Object> router) {
        router.put("priority", instance.priority());
        router.put("advertisement-interval", Arguments.duration(instance.interval()));
        router.put("misses", instance.misses());
        router.put("preempt", instance.preempts());
        if (!instance.preemptDelay().isZero()) {
            router.put("preempt-delay", Arguments.duration(instance.preemptDelay()));
        }
        Duration lifetime = instance.interval().multipliedBy(3);
        if (lifetime.compareTo(LIFETIME_DEFAULT) > 0) {
            router.put(
                    "address-lifetime",
                    new Plain(lifetime.plusNanos(999_999_999).toSeconds() + "s"));
        }
    }

    /** What the first router of a unit says for all. */
    private void common(
            Map<String, Object> router, VrrpInstance first, Tracks tracks, List<NotifyScripts> scripts, Statement at) {
        Map<String, Object> track = tracks.block(!router.containsKey("track"));
        if (!track.isEmpty()) {
            router.put("track", track);
        }
        if (!scripts.isEmpty()) {
            Map<String, Object> notification = NotifyScripts.block(scripts, globals.scriptUser());
            router.put("notify", notification);
            if (notification.containsKey("user")) {
                remarks.add(at, "notify: another user than Fairlead's needs CAP_SETUID and CAP_SETGID");
            }
        }
        if (first.addresses().stream()
                .anyMatch(address ->
                        address.prefixLength() != address.address().family().lengthBits())) {
            remarks.add(at, "no route comes with the prefix of an address; the interface must have one of its own");
        }
    }

    private int freeId(int wanted) {
        int id = wanted;
        while (!ids.add(id)) {
            id += ID_STEP;
        }
        return id;
    }

    /** Returns a name that Fairlead takes, and that no other router or group has. */
    private String unique(String wanted) {
        String good = wanted.replaceAll("[^A-Za-z0-9._:\\[\\]-]", "-");
        good = good.matches("[A-Za-z0-9].*") ? good : "router-" + good;
        good = good.substring(0, Math.min(60, good.length()));
        String name = good;
        for (int i = 2; !names.add(name); i++) {
            name = good + "-" + i;
        }
        return name;
    }

    private Map<String, Object> block(List<VrrpInstance> instances) {
        Map<String, Object> block = new LinkedHashMap<>();
        List<String> missing = channel(instances, block);
        Map<String, Object> sync = connectionSync(instances);
        block.put("connection-sync", missing.isEmpty() ? sync : new Commented(String.join("\n", missing), sync));
        block.put("virtual-routers", routers);
        if (!groups.isEmpty()) {
            block.put("sync-groups", groups);
        }
        return block;
    }

    /** Writes where the appliances speak with each other; returns what must still be written by hand. */
    private List<String> channel(List<VrrpInstance> instances, Map<String, Object> block) {
        VrrpInstance speaker = speaker(instances);
        List<String> missing = new ArrayList<>();
        Optional<IpAddress> source = speaker.source().or(() -> ownAddress(speaker, instances));
        if (source.isPresent()) {
            block.put("bind-address", source.get().toString());
        } else {
            missing.add("bind-address = \"the address of this appliance on " + speaker.interfaceName() + "\"");
            remarks.add(
                    speaker.at(), "bind-address is missing: write the address of this appliance that its peers know");
        }
        if (speaker.peerBlock().isEmpty()) {
            missing.add("peers = [\"the bind-addresses of the others\"]");
            remarks.add(
                    speaker.at(),
                    "peers is missing: they find each other by multicast there; write their bind-addresses, or []");
        } else {
            block.put("peers", speaker.peers().stream().map(IpAddress::toString).toList());
            for (VrrpInstance other : instances) {
                if (other.peerBlock().isPresent() && !other.peers().equals(speaker.peers())) {
                    remarks.add(
                            other.peerBlock().get(),
                            "not carried over: all routers use the channel of " + speaker.name());
                }
            }
        }
        block.put("secret-file", SECRET_FILE);
        remarks.add(
                speaker.at(),
                "secret-file: make " + SECRET_FILE
                        + " as fairlead ha key --help shows, which others may not read, and copy it to the peers");
        return missing;
    }

    /** The first that names its peers, else the first whose own address is known. */
    private VrrpInstance speaker(List<VrrpInstance> instances) {
        return instances.stream()
                .filter(instance -> instance.peerBlock().isPresent())
                .findFirst()
                .or(() -> instances.stream()
                        .filter(instance -> instance.source()
                                .or(() -> ownAddress(instance, instances))
                                .isPresent())
                        .findFirst())
                .orElse(instances.getFirst());
    }

    /** The address that keepalived speaks from: the first of the interface that does not move. */
    private Optional<IpAddress> ownAddress(VrrpInstance speaker, List<VrrpInstance> instances) {
        Set<IpAddress> moving = new HashSet<>();
        instances.forEach(instance -> instance.addresses().forEach(address -> moving.add(address.address())));
        return host.addresses().apply(speaker.interfaceName()).stream()
                .filter(address -> !moving.contains(address))
                .findFirst();
    }

    /** {@code INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]}. */
    private Map<String, Object> connectionSync(List<VrrpInstance> instances) {
        Map<String, Object> sync = new LinkedHashMap<>();
        if (globals.syncDaemon().isEmpty()) {
            sync.put("enabled", false);
            return sync;
        }
        Statement statement = globals.syncDaemon().get();
        Map<String, Long> idOf = new HashMap<>();
        instances.forEach(
                instance -> idOf.put(instance.name(), (long) instance.id().orElse(1)));
        Map<String, Object> options = new TreeMap<>();
        sync.put("interface", statement.argument(0).orElse(""));
        List<String> words = statement.arguments();
        for (int i = 1; i < words.size(); i++) {
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (words.get(i)) {
                case "inst" -> {}
                case "id", "port", "ttl", "maxlen" -> {
                    String key = words.get(i).equals("maxlen") ? "message-size-max" : words.get(i);
                    Numbers.parseLong(next)
                            .filter(number -> number > 0)
                            .ifPresentOrElse(
                                    number -> options.put(key, number),
                                    () -> remarks.add(
                                            statement, key + ": \"" + next + "\" (expected: a number above 0)"));
                    i++;
                }
                case "group" -> {
                    options.put("group", next);
                    i++;
                }
                default -> {
                    String name = words.get(i);
                    Optional.ofNullable(idOf.get(name))
                            .ifPresentOrElse(
                                    id -> options.putIfAbsent("id", id),
                                    () -> remarks.add(statement, "\"" + name + "\" is not understood"));
                }
            }
        }
        sync.putAll(options);
        return sync;
    }
}
