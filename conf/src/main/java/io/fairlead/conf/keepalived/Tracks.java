package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an instance or a sync group tracks: each thing once, the first that was said of it. */
final class Tracks {

    private record Thing(String list, String key, long weight, Map<String, Object> block) {}

    private final Map<String, Thing> things = new LinkedHashMap<>();

    /**
     * Adds a thing.
     *
     * @param list the key of Fairlead that lists such things
     * @param key tells it from others of the list
     * @param weight 0 if its failure is a fault
     */
    void add(String list, String key, long weight, Map<String, Object> block) {
        Map<String, Object> weighted = new LinkedHashMap<>(block);
        if (weight != 0) {
            weighted.put("weight", weight);
        }
        things.putIfAbsent(list + " " + key, new Thing(list, key, weight, weighted));
    }

    void addAll(Tracks others) {
        others.things.forEach(things::putIfAbsent);
    }

    /** Takes out what only changes a priority; returns what that was. */
    List<String> dropWeighted() {
        List<String> dropped = new ArrayList<>();
        things.values().removeIf(thing -> {
            if (thing.weight() != 0) {
                dropped.add(thing.key());
            }
            return thing.weight() != 0;
        });
        return dropped;
    }

    /** Returns the block {@code track}; empty if there is nothing to say. */
    Map<String, Object> block(boolean ownInterface) {
        Map<String, Object> track = new LinkedHashMap<>();
        if (!ownInterface) {
            track.put("own-interface", new Plain("false"));
        }
        Map<String, List<Object>> lists = new LinkedHashMap<>();
        things.values()
                .forEach(thing -> lists.computeIfAbsent(thing.list(), _ -> new ArrayList<>())
                        .add(thing.block()));
        track.putAll(lists);
        return track;
    }
}
