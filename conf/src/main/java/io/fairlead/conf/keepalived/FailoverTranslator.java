package io.fairlead.conf.keepalived;

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

/**
 * Translates VRRP instances and their groups into section {@code high-availability}. What keepalived takes for granted is
 * written out: an advertisement a second, preemption at once, no synchronization of connections.
 *
 * <p>The channel between appliances of Fairlead is another protocol, so all peers change over together.
 */
final class FailoverTranslator {

    static final String SECRET_FILE = "/etc/fairlead/cluster.key";

    private static final Duration ADVERTISEMENT = Duration.ofSeconds(1);
    private static final Duration ADVERTISEMENT_MIN = Duration.ofMillis(10);
    private static final Duration ADVERTISEMENT_MAX = Duration.ofMillis(40_950);
    /** What an address lives without one is enough for this long an interval. */
    private static final Duration ADVERTISEMENT_OF_DEFAULT_LIFETIME = Duration.ofSeconds(2);

    private static final Duration PREEMPT_DELAY_MAX = Duration.ofHours(1);
    private static final int ID_MAX = 255;
    /** May differ between the routers of a sync group. */
    private static final Set<String> OF_ONE_ROUTER = Set.of("id", "interface", "addresses", "track", "notify");

    private final Arguments arguments;
    private final Remarks remarks;
    private final TrackTranslator trackers;
    private final Map<String, Map<String, Object>> routers = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, List<String>> groups = new LinkedHashMap<>();
    private final Set<Long> ids = new HashSet<>();
    private final Set<String> peers = new LinkedHashSet<>();
    private Optional<IpAddress> bindAddress = Optional.empty();
    private Optional<Map<String, Object>> connectionSync = Optional.empty();
    private long misses = 3;

    FailoverTranslator(TrackTranslator trackers, Remarks remarks) {
        this.trackers = trackers;
        this.remarks = remarks;
        this.arguments = new Arguments(remarks);
    }

    /** Takes what stands in {@code global_defs}, which must come first. Returns whether it was one of ours. */
    boolean global(Statement statement) {
        switch (statement.keyword()) {
            case "vrrp_down_timer_adverts" ->
                arguments.number(statement, 1, 100).ifPresent(adverts -> misses = adverts);
            case "lvs_sync_daemon" -> connectionSync = synchronization(statement);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code IF [[inst] VI] [id N] [maxlen N] [port N] [ttl N] [group IP]}. */
    private Optional<Map<String, Object>> synchronization(Statement statement) {
        Map<String, Object> sync = new LinkedHashMap<>();
        List<String> words = statement.arguments();
        if (words.isEmpty()) {
            Uncarried.remark(statement, remarks);
            return Optional.empty();
        }
        sync.put("enabled", true);
        sync.put("interface", words.getFirst());
        for (int i = 1; i + 1 < words.size(); i++) {
            String key = switch (words.get(i)) {
                case "id" -> "id";
                case "maxlen" -> "message-size-max";
                case "port" -> "port";
                case "ttl" -> "ttl";
                case "group" -> "group";
                default -> "";
            };
            if (!key.isEmpty()) {
                i++;
                sync.put(key, key.equals("group") ? words.get(i) : new Plain(words.get(i)));
            }
        }
        return Optional.of(sync);
    }

    /** Translates a {@code vrrp_instance}. */
    void instance(Statement instance) {
        Optional<Statement> id = find(instance, "virtual_router_id");
        String name = instance.argument(0).map(FailoverTranslator::name).orElse("");
        if (id.isEmpty() || name.isEmpty() || routers.containsKey(name)) {
            Uncarried.remark(instance, remarks);
            return;
        }
        Optional<Long> number = arguments.number(id.get(), 1, ID_MAX);
        if (number.isEmpty()) {
            return;
        }
        Map<String, Object> router = new LinkedHashMap<>();
        router.put("id", unused(id.get(), number.get()));
        router.put("priority", 100L); // as long as what is read
        router.put("addresses", List.of());
        router.put("advertisement-interval", new Plain("1s"));
        router.put("misses", misses);
        router.put("preempt", true);
        Map<String, Object> track = new LinkedHashMap<>();
        NotifyTranslator notify = new NotifyTranslator("INSTANCE", arguments, remarks);
        Optional<String> on = find(instance, "interface").flatMap(statement -> statement.argument(0));
        on.ifPresent(interfaceName -> router.put("interface", interfaceName));
        List<String> addresses = new ArrayList<>();
        for (Statement statement : instance.body()) {
            switch (statement.keyword()) {
                case "virtual_router_id", "interface" -> {}
                case "state" -> remarks.add(statement, "not carried over: the priorities decide from the start");
                case "priority" ->
                    arguments.number(statement, 1, 255).ifPresent(value -> router.put("priority", value));
                case "advert_int" -> advertisement(statement, router);
                case "down_timer_adverts" ->
                    arguments.number(statement, 1, 100).ifPresent(value -> router.put("misses", value));
                case "nopreempt" -> router.put("preempt", false);
                case "preempt" -> router.put("preempt", true);
                case "preempt_delay" -> preemptDelay(statement, router);
                case "virtual_ipaddress", "virtual_ipaddress_excluded" ->
                    statement.body().forEach(address -> address(address, on, addresses));
                case "unicast_src_ip", "mcast_src_ip" -> bind(statement);
                case "unicast_peer" -> statement.body().forEach(this::peer);
                case "dont_track_primary" -> track.put("own-interface", false);
                case "authentication" ->
                    remarks.add(
                            statement, "not carried over: the key of the channel is in secret-file (fairlead ha key)");
                default -> {
                    if (!trackers.take(statement, track) && !notify.take(statement)) {
                        Uncarried.remark(statement, remarks);
                    }
                }
            }
        }
        if (addresses.isEmpty()) {
            remarks.add(instance, "not carried over: no address that moves");
            return;
        }
        router.put("addresses", List.copyOf(addresses));
        if (!track.isEmpty()) {
            router.put("track", track);
        }
        notify.translated().ifPresent(translated -> router.put("notify", translated));
        instance.argument(0).ifPresent(original -> names.put(original, name));
        routers.put(name, router);
    }

    private static Optional<Statement> find(Statement block, String keyword) {
        return block.body().stream()
                .filter(statement -> statement.keyword().equals(keyword))
                .reduce((_, last) -> last);
    }

    private static String name(String text) {
        return text.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    }

    /** There an id counts for an interface and a family, here for all. */
    private long unused(Statement statement, long id) {
        long unused = id;
        while (!ids.add(unused)) {
            unused += 256;
        }
        if (unused != id) {
            remarks.add(statement, id + " is there already and becomes " + unused + ": on all peers the same");
        }
        return unused;
    }

    private void advertisement(Statement statement, Map<String, Object> router) {
        arguments.timer(statement).ifPresent(wanted -> {
            Duration taken = wanted.compareTo(ADVERTISEMENT_MIN) < 0
                    ? ADVERTISEMENT
                    : wanted.compareTo(ADVERTISEMENT_MAX) > 0 ? ADVERTISEMENT_MAX : wanted;
            if (!taken.equals(wanted)) {
                remarks.add(statement, "becomes " + Arguments.duration(taken).text());
            }
            router.put("advertisement-interval", Arguments.duration(taken));
            if (taken.compareTo(ADVERTISEMENT_OF_DEFAULT_LIFETIME) > 0) {
                router.put(
                        "address-lifetime",
                        new Plain(taken.multipliedBy(2).plusMillis(999).toSeconds() + "s"));
            }
        });
    }

    private void preemptDelay(Statement statement, Map<String, Object> router) {
        arguments
                .timer(statement)
                .filter(delay -> delay.compareTo(PREEMPT_DELAY_MAX) <= 0)
                .ifPresent(delay -> router.put("preempt-delay", Arguments.duration(delay)));
    }

    /** {@code ADDRESS[/LENGTH] [dev IF] ...}; without a length it is one of its own. */
    private void address(Statement statement, Optional<String> interfaceName, List<String> addresses) {
        List<String> words = statement.arguments();
        String text = statement.keyword();
        boolean known = Arguments.address(text.replaceFirst("/[0-9]{1,3}$", "")).isPresent();
        int device = words.indexOf("dev");
        boolean elsewhere = device >= 0
                && device + 1 < words.size()
                && !Optional.of(words.get(device + 1)).equals(interfaceName);
        if (!known) {
            remarks.add(statement, "not carried over (expected: an address)");
        } else if (elsewhere) {
            remarks.add(
                    statement,
                    "not carried over: the addresses of a router are on its interface; one for " + words.get(device + 1)
                            + " needs a router of its own");
        } else {
            addresses.add(text);
            List<String> rest = new ArrayList<>(words);
            if (device >= 0) {
                rest.remove("dev");
                interfaceName.ifPresent(rest::remove);
            }
            if (!rest.isEmpty()) {
                remarks.add(statement, "not carried over: " + String.join(" ", rest));
            }
        }
    }

    private void bind(Statement statement) {
        arguments.address(statement).ifPresent(address -> {
            if (bindAddress.isPresent() && !bindAddress.get().equals(address)) {
                remarks.add(statement, "not carried over: one channel for all routers, from " + bindAddress.get());
            } else {
                bindAddress = Optional.of(address);
            }
        });
    }

    private void peer(Statement statement) {
        if (Arguments.address(statement.keyword()).isPresent()) {
            peers.add(statement.keyword());
            if (!statement.arguments().isEmpty()) {
                remarks.add(statement, "not carried over: " + String.join(" ", statement.arguments()));
            }
        } else {
            remarks.add(statement, "not carried over (expected: an address)");
        }
    }

    /** Translates a {@code vrrp_sync_group}, after all instances. */
    void group(Statement group) {
        List<String> members = new ArrayList<>();
        for (Statement statement : group.body()) {
            if (statement.keyword().equals("group")) {
                for (Statement member : statement.body()) {
                    String name = names.get(member.keyword());
                    if (name == null) {
                        remarks.add(member, "not carried over (expected: a vrrp_instance that was carried over)");
                    } else {
                        members.add(name);
                    }
                }
            } else {
                Uncarried.remark(statement, remarks);
            }
        }
        String name = group.argument(0).map(FailoverTranslator::name).orElse("");
        if (members.isEmpty() || name.isEmpty()) {
            Uncarried.remark(group, remarks);
        } else if (members.stream().map(this::shared).distinct().count() > 1) {
            remarks.add(
                    group,
                    "not carried over: its routers differ (expected: the same priority, intervals and preemption)");
        } else {
            groups.put(routers.containsKey(name) ? name + "-group" : name, members);
        }
    }

    private Map<String, Object> shared(String router) {
        Map<String, Object> settings = new HashMap<>(routers.getOrDefault(router, Map.of()));
        settings.keySet().removeAll(OF_ONE_ROUTER);
        return settings;
    }

    /** Returns the section, if there is anything that moves. */
    Optional<Map<String, Object>> translated(SourceLine file) {
        if (routers.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> section = new LinkedHashMap<>();
        if (bindAddress.isPresent()) {
            section.put("bind-address", bindAddress.get().toString());
        } else {
            remarks.add(
                    file,
                    "write high-availability.bind-address: the address of this host from which it speaks to its peers");
        }
        section.put("peers", List.copyOf(peers));
        if (peers.isEmpty()) {
            remarks.add(file, "write high-availability.peers: by multicast it is not known who they are");
        }
        section.put("secret-file", SECRET_FILE);
        section.put("connection-sync", connectionSync.orElse(Map.of("enabled", false)));
        section.put("virtual-routers", routers);
        if (!groups.isEmpty()) {
            section.put("sync-groups", groups);
        }
        return Optional.of(section);
    }
}
