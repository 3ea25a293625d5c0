package io.fairlead.conf;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import io.fairlead.core.model.VirtualServerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code fairlead}, the outermost section. */
final class FairleadReader {

    static final Keys ROOT_KEYS = new Keys("");
    private static final String FAIRLEAD = ROOT_KEYS.add("fairlead");

    static final Keys KEYS = new Keys("fairlead");
    private static final String NODE_NAME = KEYS.add("node-name");
    private static final String DEFAULTS = KEYS.add("defaults");
    private static final String VIRTUAL_SERVERS = KEYS.add("virtual-servers");
    private static final String RECONCILE = KEYS.add("reconcile");
    private static final String ADMIN = KEYS.add("admin");

    static final Keys RECONCILE_KEYS = new Keys("fairlead.reconcile");
    private static final String INTERVAL = RECONCILE_KEYS.add("interval");

    static final Keys ADMIN_KEYS = new Keys("fairlead.admin");
    private static final String SOCKET = ADMIN_KEYS.add("socket");

    /** Every section that a reader knows; health checks and shared settings have one place however often they occur. */
    static final List<Keys> ALL_KEYS = List.of(
            KEYS,
            DefaultsReader.KEYS,
            HealthCheckReader.KEYS,
            VirtualServerReader.KEYS,
            PersistenceReader.KEYS,
            RealServerReader.KEYS,
            RECONCILE_KEYS,
            ADMIN_KEYS);

    private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);
    private static final int SOCKET_LENGTH_MAX = 107; // sun_path is 108 bytes with its NUL

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
        return new FairleadConfig(
                nodeName(top),
                virtualServers(top, defaults),
                top.section(RECONCILE, RECONCILE_KEYS)
                        .flatMap(section -> section.duration(INTERVAL, INTERVAL_MIN, INTERVAL_MAX))
                        .orElse(INTERVAL_MIN),
                top.section(ADMIN, ADMIN_KEYS).flatMap(FairleadReader::socket).orElse(Path.of("/")));
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

    private static Optional<Path> socket(Section section) {
        Optional<String> text = section.string(SOCKET);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(text.get());
            if (path.isAbsolute() && text.get().length() <= SOCKET_LENGTH_MAX) {
                return Optional.of(path);
            }
        } catch (InvalidPathException e) {
            // Said below, as for any other unfit path.
        }
        section.error(
                SOCKET,
                Section.quoted(text.get()) + " (expected: an absolute path of at most " + SOCKET_LENGTH_MAX
                        + " bytes)");
        return Optional.empty();
    }

    private static List<ConfiguredVirtualServer> virtualServers(Section top, Defaults defaults) {
        List<Section> sections = top.named(VIRTUAL_SERVERS, VirtualServerReader.KEYS);
        List<ConfiguredVirtualServer> found = new ArrayList<>(sections.size());
        Map<VirtualServerKey, Section> seen = HashMap.newHashMap(sections.size());
        for (Section section : sections) {
            Optional<ConfiguredVirtualServer> virtualServer = VirtualServerReader.read(section, defaults);
            if (virtualServer.isPresent()) {
                VirtualServerKey key = virtualServer.get().spec().key();
                Section first = seen.putIfAbsent(key, section);
                if (first != null) {
                    section.error(
                            "",
                            key + " is taken by virtual server " + first.name() + " at "
                                    + top.reading().problems().place(first.origin(""))
                                    + " (expected: each address, port and protocol, or firewall mark, once)");
                }
                found.add(virtualServer.get());
            }
        }
        return found;
    }
}
