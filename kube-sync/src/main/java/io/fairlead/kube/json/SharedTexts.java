package io.fairlead.kube.json;

import java.util.HashMap;
import java.util.Map;

/**
 * Makes equal texts one object: a hundred thousand endpoints are on a few hundred nodes. Not more than {@link #COUNT_MAX} are
 * remembered; what comes after that is not shared. One for each stream, for one thread at a time.
 */
final class SharedTexts {

    private static final int COUNT_MAX = 65_536;

    private final Map<String, String> known = new HashMap<>();

    String shared(String text) {
        if (text.isEmpty()) {
            return "";
        }
        if (known.size() >= COUNT_MAX) {
            return known.getOrDefault(text, text);
        }
        String before = known.putIfAbsent(text, text);
        return before == null ? text : before;
    }
}
