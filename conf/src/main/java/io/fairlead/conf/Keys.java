package io.fairlead.conf;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The keys that one section knows, each declared once, beside the code that reads it. The check for unknown keys, the
 * suggestions and the test of the documentation all ask here.
 */
final class Keys {

    private final String section;
    private final Set<String> names = new LinkedHashSet<>();

    /** @param section the path of the section, with {@code NAME} for a name that the operator chooses */
    Keys(String section) {
        this.section = section;
    }

    /** Declares a key and returns its name. */
    String add(String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("key " + name + " declared twice in " + section);
        }
        return name;
    }

    String section() {
        return section;
    }

    boolean knows(String name) {
        return names.contains(name);
    }

    Set<String> names() {
        return names;
    }
}
