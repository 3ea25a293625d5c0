package io.fairlead.conf;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.MarkRange;
import io.fairlead.core.policy.RemovalGuard;
import io.fairlead.core.policy.SysctlSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code fairlead}, the outermost section. */
final class FairleadReader {

    static final Keys ROOT_KEYS = new Keys("");
    private static final String FAIRLEAD = ROOT_KEYS.add("fairlead");

    static final Keys KEYS = new Keys("fairlead");
    private static final String NODE_NAME = KEYS.add("node-name");
    private static final String DEFAULTS = KEYS.add("defaults");
    private static final String VIRTUAL_SERVERS = KEYS.add("virtual-servers");
    private static final String VIRTUAL_ADDRESSES = KEYS.add("virtual-addresses");
    private static final String SYSCTLS = KEYS.add("sysctls");
    private static final String RECONCILE = KEYS.add("reconcile");
    private static final String REMOVAL_GUARD = KEYS.add("removal-guard");
    private static final String IPVS_TIMEOUTS = KEYS.add("ipvs-timeouts");
    private static final String STATE_DIRECTORY = KEYS.add("state-directory");
    private static final String PACKET_RULES = KEYS.add("packet-rules");
    private static final String METRICS = KEYS.add("metrics");
    private static final String HIGH_AVAILABILITY = KEYS.add("high-availability");
    private static final String EVENTS = KEYS.add("events");
    private static final String ADMIN = KEYS.add("admin");
    private static final String KUBERNETES = KEYS.add("kubernetes");

    static final Keys RECONCILE_KEYS = new Keys("fairlead.reconcile");
    private static final String INTERVAL = RECONCILE_KEYS.add("interval");

    static final Keys REMOVAL_GUARD_KEYS = new Keys("fairlead.removal-guard");
    private static final String GUARDED_VIRTUAL_SERVERS = REMOVAL_GUARD_KEYS.add("virtual-servers");
    private static final String GUARDED_REAL_SERVERS = REMOVAL_GUARD_KEYS.add("real-servers");

    static final Keys IPVS_TIMEOUTS_KEYS = new Keys("fairlead.ipvs-timeouts");
    private static final String TCP = IPVS_TIMEOUTS_KEYS.add("tcp");
    private static final String TCP_FIN = IPVS_TIMEOUTS_KEYS.add("tcp-fin");
    private static final String UDP = IPVS_TIMEOUTS_KEYS.add("udp");

    static final Keys PACKET_RULES_KEYS = new Keys("fairlead.packet-rules");
    private static final String FIRST_MARK = PACKET_RULES_KEYS.add("first-mark");
    private static final String LAST_MARK = PACKET_RULES_KEYS.add("last-mark");

    /** Every section that a reader knows; health checks and shared settings have one place however often they occur. */
    static final List<Keys> ALL_KEYS = List.of(
            KEYS,
            DefaultsReader.KEYS,
            HealthCheckReader.KEYS,
            VirtualServerReader.KEYS,
            PersistenceReader.KEYS,
            TunnelReader.KEYS,
            RealServerReader.KEYS,
            SorryServerReader.KEYS,
            VirtualAddressReader.KEYS,
            SysctlReader.KEYS,
            REMOVAL_GUARD_KEYS,
            IPVS_TIMEOUTS_KEYS,
            RECONCILE_KEYS,
            PACKET_RULES_KEYS,
            MetricsReader.KEYS,
            HighAvailabilityReader.KEYS,
            HighAvailabilityReader.CONNECTION_SYNC_KEYS,
            HighAvailabilityReader.SYNC_GROUP_KEYS,
            VirtualRouterReader.KEYS,
            TrackReader.KEYS,
            TrackReader.INTERFACE_KEYS,
            TrackReader.VIRTUAL_SERVER_KEYS,
            TrackReader.PROCESS_KEYS,
            TrackReader.FILE_KEYS,
            TrackReader.SCRIPT_KEYS,
            NotifyReader.KEYS,
            AdminReader.KEYS,
            EventsReader.KEYS,
            EventsReader.NOTIFY_KEYS,
            KubernetesReader.KEYS,
            KubernetesReader.POOL_KEYS);

    private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);
    private static final int PATH_LENGTH_MAX = 1000;

    private static final IpvsTimeouts KERNEL_TIMEOUTS = new IpvsTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private static final Duration IPVS_TIMEOUT_MIN = Duration.ofSeconds(1);
    /** {@code ip_vs_set_timeout} refuses more than {@code INT_MAX / HZ} seconds, which with HZ=1000 are 24 days. */
    private static final Duration IPVS_TIMEOUT_MAX = Duration.ofDays(24);

    /** Asked of the kernel, because the library may ask DNS. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** {@code reference.conf}, and its defaults already read. */
    private static final ConfigObject REFERENCE = ConfigFactory.parseResources(
                    FairleadReader.class.getClassLoader(), "reference.conf")
            .root();

    private static final Defaults BUILT_IN = builtIn();

    private FairleadReader() {}

    private static Defaults builtIn() {
        Section root = Section.root(new Reading(new Problems(), Optional.empty()), REFERENCE, REFERENCE, ROOT_KEYS);
        return DefaultsReader.builtIn(root.section(FAIRLEAD, KEYS)
                .flatMap(top -> top.section(DEFAULTS, DefaultsReader.KEYS))
                .orElseThrow());
    }

    /** Reads everything. What comes back is only of use if no problem was found. */
    static FairleadConfig read(ConfigObject file, Reading reading) {
        Section top = Section.root(reading, file, REFERENCE, ROOT_KEYS)
                .section(FAIRLEAD, KEYS)
                .orElseThrow(() -> new IllegalStateException("reference.conf has no section fairlead"));
        Defaults defaults = top.section(DEFAULTS, DefaultsReader.KEYS)
                .map(section -> DefaultsReader.read(section, BUILT_IN))
                .orElse(BUILT_IN);
        MarkRange marks = top.section(PACKET_RULES, PACKET_RULES_KEYS)
                .map(FairleadReader::marks)
                .orElse(MarkRange.DEFAULT);
        List<ConfiguredVirtualServer> virtualServers = virtualServers(top, defaults, marks);
        boolean hasSourceNat = virtualServers.stream()
                .anyMatch(virtualServer -> virtualServer.packets().sourceNat());
        HostConfig host = new HostConfig(
                VirtualAddressReader.read(top.named(VIRTUAL_ADDRESSES, VirtualAddressReader.KEYS)),
                top.section(SYSCTLS, SysctlReader.KEYS)
                        .map(section -> SysctlReader.read(section, hasSourceNat))
                        .orElse(SysctlSpec.NONE));
        return new FairleadConfig(
                nodeName(top),
                virtualServers,
                top.section(RECONCILE, RECONCILE_KEYS)
                        .flatMap(section -> section.duration(INTERVAL, INTERVAL_MIN, INTERVAL_MAX))
                        .orElse(INTERVAL_MIN),
                top.section(REMOVAL_GUARD, REMOVAL_GUARD_KEYS)
                        .map(FairleadReader::removalGuard)
                        .orElse(RemovalGuard.OFF),
                top.section(IPVS_TIMEOUTS, IPVS_TIMEOUTS_KEYS)
                        .map(FairleadReader::ipvsTimeouts)
                        .orElse(KERNEL_TIMEOUTS),
                path(top, STATE_DIRECTORY, PATH_LENGTH_MAX).orElse(Path.of("/")),
                top.section(ADMIN, AdminReader.KEYS).map(AdminReader::read).orElse(AdminConfig.of(Path.of("/"))),
                marks,
                host,
                top.section(KUBERNETES, KubernetesReader.KEYS)
                        .map(section -> KubernetesReader.read(section, defaults, routerNames(top)))
                        .orElseThrow(() -> new IllegalStateException("reference.conf has no section kubernetes")),
                top.section(METRICS, MetricsReader.KEYS)
                        .map(MetricsReader::read)
                        .orElse(MetricsConfig.OFF),
                top.section(EVENTS, EventsReader.KEYS).map(EventsReader::read).orElse(EventsConfig.NONE),
                top.section(HIGH_AVAILABILITY, HighAvailabilityReader.KEYS)
                        .map(section ->
                                HighAvailabilityReader.read(section, names(virtualServers), host.virtualAddresses())));
    }

    private static Set<String> routerNames(Section top) {
        return top.open(HIGH_AVAILABILITY)
                .map(HighAvailabilityReader::routerNames)
                .orElse(Set.of());
    }

    private static Set<String> names(List<ConfiguredVirtualServer> virtualServers) {
        return virtualServers.stream()
                .map(virtualServer -> virtualServer.spec().name())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static MarkRange marks(Section section) {
        long first = section.whole(FIRST_MARK, 1, MarkRange.MARK_MAX).orElse(1);
        long last = section.whole(LAST_MARK, 1, MarkRange.MARK_MAX).orElse(MarkRange.MARK_MAX);
        if (first > last) {
            section.error(LAST_MARK, last + " (expected: at least the first-mark, " + first + ")");
            return MarkRange.DEFAULT;
        }
        return new MarkRange(first, last);
    }

    private static String nodeName(Section top) {
        Optional<String> name = top.string(NODE_NAME);
        name.ifPresent(text -> Names.check(top, NODE_NAME, text));
        return name.orElseGet(FairleadReader::hostName);
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    private static RemovalGuard removalGuard(Section section) {
        return new RemovalGuard(
                section.integer(GUARDED_VIRTUAL_SERVERS, 0, 100).orElse(100),
                section.integer(GUARDED_REAL_SERVERS, 0, 100).orElse(100));
    }

    private static IpvsTimeouts ipvsTimeouts(Section section) {
        return new IpvsTimeouts(timeout(section, TCP), timeout(section, TCP_FIN), timeout(section, UDP));
    }

    private static Duration timeout(Section section, String key) {
        Optional<Duration> timeout = section.duration(key, IPVS_TIMEOUT_MIN, IPVS_TIMEOUT_MAX);
        if (timeout.isPresent()
                && !timeout.get().truncatedTo(ChronoUnit.SECONDS).equals(timeout.get())) {
            section.error(key, DurationText.of(timeout.get()) + " (expected: whole seconds)");
        }
        return timeout.orElse(Duration.ZERO);
    }

    /** Returns the absolute path at {@code key}. */
    static Optional<Path> path(Section section, String key) {
        return path(section, key, PATH_LENGTH_MAX);
    }

    static Optional<Path> path(Section section, String key, int lengthMax) {
        Optional<String> text = section.string(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(text.get());
            if (path.isAbsolute() && text.get().length() <= lengthMax) {
                return Optional.of(path);
            }
        } catch (InvalidPathException e) {
            // Said below, as for any other unfit path.
        }
        section.error(
                key, Section.quoted(text.get()) + " (expected: an absolute path of at most " + lengthMax + " bytes)");
        return Optional.empty();
    }

    /** A mark that leads to one real server must lead nowhere else. */
    private static void checkPaths(
            List<Section> sections, List<ConfiguredVirtualServer> found, Map<VirtualServerKey, Section> seen) {
        Map<VirtualServerKey, ConfiguredVirtualServer> first = CheckPaths.of(found);
        if (first.isEmpty()) {
            return;
        }
        Map<String, Section> byName = HashMap.newHashMap(sections.size());
        sections.forEach(section -> byName.put(section.name(), section));
        for (ConfiguredVirtualServer virtualServer : found) {
            Section section = byName.get(virtualServer.spec().name());
            CheckPaths.of(List.of(virtualServer)).forEach((key, path) -> {
                Section other = seen.get(key);
                if (section != null && other != null) {
                    markTaken(section, path, "virtual server " + other.name());
                } else if (section != null && !path.equals(first.get(key))) {
                    markTaken(section, path, "the path to another real server");
                }
            });
        }
    }

    private static void markTaken(Section section, ConfiguredVirtualServer path, String by) {
        section.error(
                "",
                path.spec().key() + ", the path of its health check to "
                        + path.spec().realServers().getFirst().name() + ", is " + by
                        + " too (expected: a mark of its own in the health check)");
    }

    private static List<ConfiguredVirtualServer> virtualServers(Section top, Defaults defaults, MarkRange marks) {
        List<Section> sections = top.named(VIRTUAL_SERVERS, VirtualServerReader.KEYS);
        List<ConfiguredVirtualServer> found = new ArrayList<>(sections.size());
        Map<VirtualServerKey, Section> seen = HashMap.newHashMap(sections.size());
        PortClaims claims = new PortClaims();
        for (Section section : sections) {
            Optional<ConfiguredVirtualServer> virtualServer = VirtualServerReader.read(section, defaults, marks);
            if (virtualServer.isPresent()) {
                VirtualServerKey key = virtualServer.get().spec().key();
                Section first = seen.putIfAbsent(key, section);
                if (first != null) {
                    section.error(
                            "",
                            key + " is taken by virtual server " + first.name() + " at "
                                    + top.reading().problems().place(first.origin(""))
                                    + " (expected: each address, port and protocol, or firewall mark, once)");
                } else {
                    claims.add(virtualServer.get(), section);
                }
                found.add(virtualServer.get());
            }
        }
        checkPaths(sections, found, seen);
        claims.check();
        return found;
    }
}
