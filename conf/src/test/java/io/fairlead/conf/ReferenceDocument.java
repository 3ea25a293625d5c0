package io.fairlead.conf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code reference.conf} as a document: prose after {@code # }, a setting, or a setting that is commented out by a sign
 * without a space. An entry is a setting with prose above it.
 */
final class ReferenceDocument {

    static final Path REFERENCE = Path.of("src/main/resources/reference.conf");
    static final Path PAGE = Path.of("../docs/reference/configuration.md");

    /** @param setting the line of the setting, an example if it is commented out */
    record Entry(String path, List<String> prose, String setting, boolean isSection) {}

    private ReferenceDocument() {}

    static List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        Deque<String> sections = new ArrayDeque<>();
        List<String> prose = new ArrayList<>();
        for (String raw : Files.readAllLines(REFERENCE)) {
            String line = raw.strip();
            if (line.startsWith("# ")) {
                prose.add(line.substring(2));
                continue;
            }
            String setting = uncommented(line);
            String key = setting.split("[ ={]", 2)[0];
            boolean opens = setting.endsWith("{") || setting.endsWith("[");
            if (setting.startsWith("}") || setting.startsWith("]")) {
                sections.removeLast();
            } else if (!setting.isEmpty()) {
                String name = setting.equals("{") ? "[]" : isNamed(sections) ? "NAME" : key;
                if (opens) {
                    sections.addLast(name);
                }
                String path = String.join(".", sections) + (opens ? "" : "." + name);
                if (!prose.isEmpty()) {
                    entries.add(new Entry(path.replace(".[]", "[]"), List.copyOf(prose), setting, opens));
                }
            }
            prose.clear();
        }
        return entries;
    }

    /** Sections whose keys are the operator's own names. */
    private static final Set<String> NAMED =
            Set.of("virtual-servers", "virtual-addresses", "address-pools", "virtual-routers", "sync-groups");

    private static boolean isNamed(Deque<String> sections) {
        return !sections.isEmpty() && !sections.contains("track") && NAMED.contains(sections.getLast());
    }

    /** Returns the line as it is when the setting is put in force. */
    static String uncommented(String line) {
        String stripped = line.strip();
        return stripped.startsWith("#") && !stripped.startsWith("# ") ? stripped.substring(1) : stripped;
    }

    static String page() throws IOException {
        StringBuilder page = new StringBuilder("""
            # Configuration reference

            Generated from `conf/src/main/resources/reference.conf`; do not edit. Write it again with
            `mvn -pl conf -am test -Dtest=ReferenceDocumentTest -Dreference.write=true`.

            The file is HOCON: `include "servers.conf"` is relative to the including file, and `${name}` refers to a value of
            the files themselves. Durations need a unit: ns, us, ms, s, m, h or d. A health check or another shared setting
            counts from the weakest to the strongest place: defaults, virtual server, real server.
            """);
        for (Entry entry : entries()) {
            page.append("\n## `").append(entry.path()).append("`\n\n");
            String previous = "";
            for (String line : entry.prose()) {
                boolean facts = line.startsWith("Default:");
                page.append(facts && !previous.isEmpty() ? "\n" : "")
                        .append(line)
                        .append('\n');
                previous = line;
            }
            if (!entry.isSection()) {
                page.append("\n```hocon\n").append(entry.setting()).append("\n```\n");
            }
        }
        return page.toString();
    }
}
