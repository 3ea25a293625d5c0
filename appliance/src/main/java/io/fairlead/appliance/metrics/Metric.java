package io.fairlead.appliance.metrics;

import io.prometheus.client.Collector;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A metric as it is documented.
 *
 * @param name as it is written out; of a histogram without the endings of its parts
 * @param help one sentence, with the unit where the name has none
 * @param labels what tells its time series apart
 */
record Metric(String name, Collector.Type type, String help, List<String> labels) {

    private static final Pattern NAME = Pattern.compile("(fairlead|process)_[a-z_]+[a-z]");

    Metric {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("metric name " + name + " (expected: " + NAME + ")");
        }
        if (!name.endsWith(ending(type))) {
            throw new IllegalArgumentException("metric name " + name + " (expected: ending in " + ending(type) + ")");
        }
        labels = List.copyOf(labels);
    }

    /** What the format adds to the name of a family of this type. */
    private static String ending(Collector.Type type) {
        return switch (type) {
            case COUNTER -> "_total";
            case INFO -> "_info";
            default -> "";
        };
    }

    /** Returns the name that the client library wants, which adds the endings itself. */
    String familyName() {
        return name.substring(0, name.length() - ending(type).length());
    }
}
