package io.fairlead.conf;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.ha.election.TrackSpec;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.ScriptProbeSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code track}: what may fail, and what that does to the priority. */
final class TrackReader {

    private static final String PATH = "fairlead.high-availability.virtual-routers.NAME.track";
    private static final String NAME = "name";
    private static final String WEIGHT = "weight";

    static final Keys KEYS = new Keys(PATH);
    private static final String OWN_INTERFACE = KEYS.add("own-interface");
    private static final String INTERFACES = KEYS.add("interfaces");
    private static final String VIRTUAL_SERVERS = KEYS.add("virtual-servers");
    private static final String PROCESSES = KEYS.add("processes");
    private static final String FILES = KEYS.add("files");
    private static final String SCRIPTS = KEYS.add("scripts");

    static final Keys INTERFACE_KEYS = named(INTERFACES);
    static final Keys VIRTUAL_SERVER_KEYS = named(VIRTUAL_SERVERS);
    static final Keys PROCESS_KEYS = named(PROCESSES);

    static final Keys FILE_KEYS = named(FILES);
    private static final String FILE_INTERVAL = FILE_KEYS.add("interval");

    static final Keys SCRIPT_KEYS = new Keys(PATH + "." + SCRIPTS + "[]");

    static {
        SCRIPT_KEYS.add("command");
        SCRIPT_KEYS.add("shell-command");
        SCRIPT_KEYS.add("user");
        SCRIPT_KEYS.add("group");
    }

    private static final String INTERVAL = SCRIPT_KEYS.add("interval");
    private static final String TIMEOUT = SCRIPT_KEYS.add("timeout");
    private static final String RISE = SCRIPT_KEYS.add("rise");
    private static final String FALL = SCRIPT_KEYS.add("fall");

    static {
        SCRIPT_KEYS.add(WEIGHT);
    }

    private static final int WEIGHT_MAX = 253;
    private static final int PROCESS_NAME_MAX = 15;
    private static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(1);

    private TrackReader() {}

    private static Keys named(String list) {
        Keys keys = new Keys(PATH + "." + list + "[]");
        keys.add(NAME);
        keys.add(WEIGHT);
        return keys;
    }

    static boolean tracksOwnInterface(Section section) {
        return section.flag(OWN_INTERFACE).orElse(true);
    }

    /** Returns what is tracked, in the order of the file. */
    static Map<TrackedThing, TrackSpec> read(Section section, Set<String> virtualServers) {
        Map<TrackedThing, TrackSpec> found = new LinkedHashMap<>();
        for (Section item : section.itemsOrTexts(INTERFACES, NAME, INTERFACE_KEYS)) {
            name(item).ifPresent(name -> {
                if (InterfaceAddressKey.isName(name)) {
                    add(item, new TrackedThing.NetworkInterface(name), found);
                } else {
                    item.error(NAME, Section.quoted(name) + " (expected: 1..15 visible characters without /)");
                }
            });
        }
        for (Section item : section.itemsOrTexts(VIRTUAL_SERVERS, NAME, VIRTUAL_SERVER_KEYS)) {
            name(item).ifPresent(name -> {
                if (virtualServers.contains(name)) {
                    add(item, new TrackedThing.VirtualServer(name), found);
                } else {
                    item.error(NAME, Section.quoted(name) + " (expected: the name of a virtual server)");
                }
            });
        }
        for (Section item : section.itemsOrTexts(PROCESSES, NAME, PROCESS_KEYS)) {
            name(item).ifPresent(name -> {
                if (!name.isEmpty() && name.length() <= PROCESS_NAME_MAX && name.indexOf('/') < 0) {
                    add(item, new TrackedThing.Program(name), found);
                } else {
                    item.error(
                            NAME,
                            Section.quoted(name) + " (expected: the name that the kernel has of a program, such as "
                                    + "nginx, at most " + PROCESS_NAME_MAX + " bytes)");
                }
            });
        }
        section.itemsOrTexts(FILES, NAME, FILE_KEYS).forEach(item -> file(item, found));
        section.items(SCRIPTS, SCRIPT_KEYS).forEach(item -> script(item, found));
        return found;
    }

    private static void file(Section item, Map<TrackedThing, TrackSpec> found) {
        Duration interval = item.duration(FILE_INTERVAL, CheckSpec.INTERVAL_MIN, CheckSpec.INTERVAL_MAX)
                .orElse(INTERVAL_DEFAULT);
        name(item)
                .ifPresent(path -> FileProbeReader.probe(item, NAME, path)
                        .ifPresent(probe -> add(
                                item,
                                new TrackedThing.Check(path, new CheckSpec(probe, interval, interval, 1, 1)),
                                found)));
    }

    private static void script(Section item, Map<TrackedThing, TrackSpec> found) {
        ScriptProbeSpec probe = new ScriptProbeReader().read(item);
        Duration interval = item.duration(INTERVAL, CheckSpec.INTERVAL_MIN, CheckSpec.INTERVAL_MAX)
                .orElse(INTERVAL_DEFAULT);
        Duration timeout = item.duration(TIMEOUT, Duration.ofMillis(1), CheckSpec.INTERVAL_MAX)
                .orElse(interval);
        if (timeout.compareTo(interval) > 0) {
            item.error(
                    TIMEOUT,
                    DurationText.of(timeout) + " (expected: at most the interval, " + DurationText.of(interval) + ")");
            timeout = interval;
        }
        CheckSpec check = new CheckSpec(
                probe,
                interval,
                timeout,
                item.integer(RISE, 1, CheckSpec.COUNT_MAX).orElse(1),
                item.integer(FALL, 1, CheckSpec.COUNT_MAX).orElse(1));
        add(item, new TrackedThing.Check(String.join(" ", probe.command()), check), found);
    }

    private static Optional<String> name(Section item) {
        Optional<String> name = item.string(NAME);
        if (name.isEmpty() && !item.has(NAME)) {
            item.missing(NAME, "what is tracked");
        }
        return name;
    }

    /** 0, as it is by default: its failure is a fault. */
    private static void add(Section item, TrackedThing thing, Map<TrackedThing, TrackSpec> found) {
        int weight = item.integer(WEIGHT, -WEIGHT_MAX, WEIGHT_MAX).orElse(0);
        if (found.putIfAbsent(thing, new TrackSpec(thing.label(), weight)) != null) {
            item.error("", thing.label() + " is there twice (expected: each thing once)");
        }
    }
}
