package io.fairlead.conf.keepalived;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** As whom a script runs. */
record ScriptUser(String user, Optional<String> group) {

    /** Reads {@code USER [:][GROUP]}, wherever the colon stands; empty if there is no user. */
    static Optional<ScriptUser> parse(List<String> words) {
        List<String> names = new ArrayList<>();
        words.forEach(word -> names.addAll(Arrays.asList(word.split(":", -1))));
        names.removeIf(String::isEmpty);
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new ScriptUser(
                        names.getFirst(), names.size() > 1 ? Optional.of(names.get(1)) : Optional.empty()));
    }

    void put(Map<String, Object> block) {
        block.put("user", user);
        group.ifPresent(name -> block.put("group", name));
    }
}
