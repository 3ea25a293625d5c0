package io.fairlead.appliance.metrics;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;

/** The metrics of one subject, each declared once, beside the code that fills it. The document of all metrics asks here. */
final class MetricGroup {

    private final String title;
    private final List<Metric> metrics = new ArrayList<>();

    MetricGroup(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    List<Metric> metrics() {
        return List.copyOf(metrics);
    }

    Metric counter(String name, String help, String... labels) {
        return add(name, Collector.Type.COUNTER, help, labels);
    }

    Metric gauge(String name, String help, String... labels) {
        return add(name, Collector.Type.GAUGE, help, labels);
    }

    Metric info(String name, String help, String... labels) {
        return add(name, Collector.Type.INFO, help, labels);
    }

    Metric histogram(String name, String help, String... labels) {
        return add(name, Collector.Type.HISTOGRAM, help, labels);
    }

    private Metric add(String name, Collector.Type type, String help, String... labels) {
        Metric metric = new Metric(name, type, help, List.of(labels));
        metrics.add(metric);
        return metric;
    }
}
