package io.fairlead.conf;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import io.fairlead.ha.channel.LinkSpec;
import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.ha.peer.PeerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code high-availability}. */
final class HighAvailabilityReader {

    static final Keys KEYS = new Keys("fairlead.high-availability");
    private static final String CLUSTER = KEYS.add("cluster");
    private static final String INTERFACE = KEYS.add("interface");
    private static final String BIND_ADDRESS = KEYS.add("bind-address");
    private static final String PORT = KEYS.add("port");
    private static final String PEERS = KEYS.add("peers");
    private static final String WITNESSES = KEYS.add("witnesses");
    private static final String SECRET_FILE = KEYS.add("secret-file");
    private static final String CONNECTION_SYNC = KEYS.add("connection-sync");
    private static final String VIRTUAL_ROUTERS = KEYS.add("virtual-routers");
    private static final String SYNC_GROUPS = KEYS.add("sync-groups");

    /** For the documents: the keys of this section are the operator's own names. */
    static final Keys SYNC_GROUP_KEYS = new Keys("fairlead.high-availability.sync-groups");

    static {
        SYNC_GROUP_KEYS.add("NAME");
    }

    static final Keys CONNECTION_SYNC_KEYS = new Keys("fairlead.high-availability.connection-sync");
    private static final String ENABLED = CONNECTION_SYNC_KEYS.add("enabled");
    private static final String SYNC_INTERFACE = CONNECTION_SYNC_KEYS.add("interface");
    private static final String SYNC_ID = CONNECTION_SYNC_KEYS.add("id");
    private static final String GROUP = CONNECTION_SYNC_KEYS.add("group");
    private static final String SYNC_PORT = CONNECTION_SYNC_KEYS.add("port");
    private static final String TTL = CONNECTION_SYNC_KEYS.add("ttl");
    private static final String MESSAGE_SIZE_MAX = CONNECTION_SYNC_KEYS.add("message-size-max");
    private static final String REFRESH = CONNECTION_SYNC_KEYS.add("refresh");

    private static final String CLUSTER_DEFAULT = "fairlead";
    private static final IpAddress IN_PLACE_OF_A_WRONG_ONE = IpAddress.parse("0.0.0.0");
    private static final String EXPECTED_INTERFACE = "1..15 visible characters without /";

    private final Section section;

    private HighAvailabilityReader(Section section) {
        this.section = section;
    }

    /**
     * Reads the section.
     *
     * @param virtualServers the names that can be tracked
     * @param fixed the addresses that no election moves
     */
    static HighAvailabilityConfig read(Section section, Set<String> virtualServers, List<VirtualAddressSpec> fixed) {
        return new HighAvailabilityReader(section).config(virtualServers, fixed);
    }

    /** Returns the names of the virtual routers in {@code section}. */
    static Set<String> routerNames(Section section) {
        return section.open(VIRTUAL_ROUTERS)
                .map(Section::names)
                .map(Set::copyOf)
                .orElse(Set.of());
    }

    private HighAvailabilityConfig config(Set<String> virtualServers, List<VirtualAddressSpec> fixed) {
        Optional<String> cluster = section.string(CLUSTER);
        cluster.ifPresent(name -> Names.check(section, CLUSTER, name));
        Optional<String> interfaceName = section.text(INTERFACE, EXPECTED_INTERFACE, InterfaceAddressKey::isName);
        List<PeerSpec> peers = peers();
        Optional<IpAddress> own = section.address(BIND_ADDRESS);
        PeerSpec self =
                own.flatMap(address -> find(peers, address)).orElseGet(() -> peer(IN_PLACE_OF_A_WRONG_ONE, false));
        List<VirtualRouterReader.Draft> routers = routers(interfaceName, virtualServers, fixed);
        ElectionUnits units = new ElectionUnits(section, peers, self);
        return new HighAvailabilityConfig(
                cluster.orElse(CLUSTER_DEFAULT),
                interfaceName,
                self,
                section.integer(PORT, 1, 65535).orElse(LinkSpec.PORT_DEFAULT),
                peers,
                secretFile(peers),
                connectionSync(interfaceName, routers),
                units.of(routers, groups(routers)));
    }

    /** All that take part, this appliance included: it may stand in the lists, so that all peers can share them. */
    private List<PeerSpec> peers() {
        Map<IpAddress, PeerSpec> found = new LinkedHashMap<>();
        Set<Integer> numbers = new HashSet<>();
        Optional<IpAddress> own = section.address(BIND_ADDRESS);
        if (own.isEmpty() && !section.has(BIND_ADDRESS)) {
            section.missing(BIND_ADDRESS, "the address of this appliance that its peers know");
        }
        if (!section.has(PEERS)) {
            section.missing(
                    PEERS,
                    "a list of the addresses of the other appliances, which are not found by multicast; [] if there"
                            + " is none");
        }
        add(PEERS, false, found, numbers);
        add(WITNESSES, true, found, numbers);
        own.ifPresent(address -> found.putIfAbsent(address, peer(address, false)));
        if (found.size() > UnitSpec.PEER_COUNT_MAX) {
            section.error(
                    PEERS,
                    found.size() + " appliances with this one (expected: at most " + UnitSpec.PEER_COUNT_MAX + ")");
            return List.of();
        }
        return UnitSpec.sorted(List.copyOf(found.values()));
    }

    private void add(String list, boolean witness, Map<IpAddress, PeerSpec> found, Set<Integer> numbers) {
        List<String> texts = section.strings(list).orElse(List.of());
        for (int i = 0; i < texts.size(); i++) {
            String key = list + "[" + i + "]";
            try {
                IpAddress address = IpAddress.parse(texts.get(i));
                PeerSpec peer = peer(address, witness);
                if (found.putIfAbsent(address, peer) != null) {
                    section.error(key, address + " is there twice (expected: each appliance once)");
                } else if (!numbers.add(peer.number())) {
                    section.error(key, address + " has the number of another peer (expected: another address)");
                }
            } catch (IllegalArgumentException e) {
                section.error(
                        key,
                        Section.quoted(texts.get(i))
                                + " (expected: an IP address such as 192.0.2.1 or 2001:db8::1, not a name)");
            }
        }
    }

    /** A peer goes by its address, as that is what every appliance knows of every other. */
    private static PeerSpec peer(IpAddress address, boolean witness) {
        PeerId id = new PeerId(address.toString());
        return new PeerSpec(id.number(), id.name(), address, witness);
    }

    private static Optional<PeerSpec> find(List<PeerSpec> peers, IpAddress address) {
        return peers.stream().filter(peer -> peer.address().equals(address)).findFirst();
    }

    private Optional<Path> secretFile(List<PeerSpec> peers) {
        Optional<Path> file = FairleadReader.path(section, SECRET_FILE);
        if (file.isEmpty() && !section.has(SECRET_FILE) && peers.size() > 1) {
            section.missing(SECRET_FILE, "the absolute path of a file with the key that the peers share");
        }
        file.filter(_ -> peers.size() > 1)
                .ifPresent(keys -> section.names(SECRET_FILE, keys.toString(), NamedFile.Kind.KEYS));
        return file;
    }

    private Optional<ConnectionSyncSpec> connectionSync(
            Optional<String> interfaceName, List<VirtualRouterReader.Draft> routers) {
        Optional<Section> sync = section.section(CONNECTION_SYNC, CONNECTION_SYNC_KEYS);
        if (!sync.flatMap(own -> own.flag(ENABLED)).orElse(true)) {
            return Optional.empty();
        }
        Optional<String> on = sync.flatMap(
                        own -> own.text(SYNC_INTERFACE, EXPECTED_INTERFACE, InterfaceAddressKey::isName))
                .or(() -> interfaceName);
        if (on.isEmpty()) {
            boolean wrong = section.has(INTERFACE)
                    || sync.filter(own -> own.has(SYNC_INTERFACE)).isPresent();
            if (!wrong && (sync.isPresent() || !routers.isEmpty())) {
                sync.orElse(section).missing(SYNC_INTERFACE, "where the peers are told of connections");
            }
            return Optional.empty();
        }
        int lowest =
                routers.stream().mapToInt(VirtualRouterReader.Draft::id).min().orElse(1);
        SyncDaemon.Channel usual = SyncDaemon.Channel.KERNEL_DEFAULT;
        int port = integer(sync, SYNC_PORT, 1, 65535, usual.port());
        int ttl = integer(sync, TTL, 1, 255, usual.ttl());
        SyncDaemon.Channel channel = new SyncDaemon.Channel(usual.group(), port, ttl);
        Optional<IpAddress> group = sync.flatMap(own -> own.address(GROUP));
        if (group.isPresent()) {
            try {
                channel = new SyncDaemon.Channel(group.get(), port, ttl);
            } catch (IllegalArgumentException e) {
                sync.orElse(section).error(GROUP, group.get() + " (expected: a multicast address)");
            }
        }
        return Optional.of(new ConnectionSyncSpec(
                on.get(),
                integer(sync, SYNC_ID, 1, 255, lowest <= 255 ? lowest : lowest % 255 + 1),
                channel,
                integer(sync, MESSAGE_SIZE_MAX, 0, 65535, 0),
                refresh(sync)));
    }

    private static Duration refresh(Optional<Section> sync) {
        Duration refresh = sync.flatMap(own -> own.duration(REFRESH, Duration.ZERO, ConnectionSyncSpec.REFRESH_MAX))
                .orElse(ConnectionSyncSpec.REFRESH_MAX);
        if (refresh.toNanosPart() != 0) {
            sync.ifPresent(own -> own.error(REFRESH, DurationText.of(refresh) + " (expected: whole seconds)"));
        }
        return refresh;
    }

    private static int integer(Optional<Section> section, String key, int min, int max, int otherwise) {
        return section.map(own -> own.integer(key, min, max).orElse(otherwise)).orElse(otherwise);
    }

    private List<VirtualRouterReader.Draft> routers(
            Optional<String> interfaceName, Set<String> virtualServers, List<VirtualAddressSpec> fixed) {
        Map<String, String> taken = new HashMap<>();
        for (VirtualAddressSpec set : fixed) {
            set.addresses()
                    .forEach(address -> taken.put(
                            VirtualRouterReader.place(address.key()), "fairlead.virtual-addresses." + set.name()));
        }
        Map<Integer, String> ids = new HashMap<>();
        List<VirtualRouterReader.Draft> found = new ArrayList<>();
        for (Section router : section.named(VIRTUAL_ROUTERS, VirtualRouterReader.KEYS)) {
            VirtualRouterReader.read(router, interfaceName, virtualServers, ids, taken)
                    .ifPresent(found::add);
        }
        return found;
    }

    /** Returns the routers of each sync group, by its name; a router is in one at most. */
    private Map<String, List<VirtualRouterReader.Draft>> groups(List<VirtualRouterReader.Draft> routers) {
        Map<String, VirtualRouterReader.Draft> byName = new HashMap<>();
        routers.forEach(router -> byName.put(router.name(), router));
        Set<String> all = new HashSet<>();
        section.named(VIRTUAL_ROUTERS, VirtualRouterReader.KEYS).forEach(router -> all.add(router.name()));
        Map<String, String> groupOf = new HashMap<>();
        Map<String, List<VirtualRouterReader.Draft>> groups = new LinkedHashMap<>();
        Optional<Section> holder = section.open(SYNC_GROUPS);
        for (String group : holder.map(Section::names).orElse(List.of())) {
            Section names = holder.orElseThrow();
            Names.check(names, group, group);
            List<String> members = names.strings(group).orElse(List.of());
            if (members.isEmpty()) {
                names.error(group, "empty (expected: a list of virtual routers)");
            } else if (all.contains(group)) {
                names.error(group, "is the name of a virtual router, too (expected: another name)");
            }
            List<VirtualRouterReader.Draft> found = new ArrayList<>();
            for (String member : members) {
                String other = groupOf.putIfAbsent(member, group);
                if (!all.contains(member)) {
                    names.error(group, Section.quoted(member) + " (expected: the name of a virtual router)");
                } else if (other != null) {
                    names.error(group, member + " is in sync group " + other + " (expected: in one, once)");
                } else if (byName.containsKey(member)) {
                    found.add(byName.get(member));
                }
            }
            if (!found.isEmpty()) {
                groups.put(group, found);
            }
        }
        return groups;
    }
}
