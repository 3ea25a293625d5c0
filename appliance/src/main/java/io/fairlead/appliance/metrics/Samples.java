package io.fairlead.appliance.metrics;

import io.fairlead.core.time.DurationCounts;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The values of one metric at one moment. */
final class Samples {

    private final Metric metric;
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> bucketLabels;

    Samples(Metric metric) {
        this.metric = metric;
        this.bucketLabels = and(metric.labels(), "le");
    }

    /** @param labelValues in the order of the metric's labels */
    void add(double value, String... labelValues) {
        samples.add(new Sample(metric.name(), metric.labels(), values(labelValues), value));
    }

    void add(long value, String... labelValues) {
        add((double) value, labelValues);
    }

    void add(boolean value, String... labelValues) {
        add(value ? 1.0 : 0.0, labelValues);
    }

    /** Adds a moment as seconds since 1970; nothing if there was none yet. */
    void add(Optional<Instant> moment, String... labelValues) {
        moment.ifPresent(at -> add(at.toEpochMilli() / Collector.MILLISECONDS_PER_SECOND, labelValues));
    }

    void add(Duration duration, String... labelValues) {
        add(seconds(duration), labelValues);
    }

    /** Adds a histogram. */
    void add(DurationCounts counts, String... labelValues) {
        List<String> values = values(labelValues);
        long upTo = 0;
        for (int i = 0; i < counts.counts().size(); i++) {
            upTo += counts.counts().get(i);
            double limit = i < counts.steps().size() ? seconds(counts.steps().get(i)) : Double.POSITIVE_INFINITY;
            samples.add(new Sample(
                    metric.name() + "_bucket", bucketLabels, and(values, Collector.doubleToGoString(limit)), upTo));
        }
        samples.add(new Sample(metric.name() + "_count", metric.labels(), values, upTo));
        samples.add(new Sample(metric.name() + "_sum", metric.labels(), values, seconds(counts.total())));
    }

    List<Sample> all() {
        return samples;
    }

    private List<String> values(String... labelValues) {
        if (labelValues.length != metric.labels().size()) {
            throw new IllegalArgumentException(metric.name() + ": " + labelValues.length
                    + " values of labels (expected: " + metric.labels().size() + ")");
        }
        return List.of(labelValues);
    }

    private static List<String> and(List<String> some, String more) {
        List<String> all = new ArrayList<>(some);
        all.add(more);
        return List.copyOf(all);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / Collector.NANOSECONDS_PER_SECOND;
    }
}
