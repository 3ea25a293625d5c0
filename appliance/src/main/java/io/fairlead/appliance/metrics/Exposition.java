package io.fairlead.appliance.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The metrics of one scrape, in the order in which they were added. Each is computed when its turn to be written comes, so
 * that only one of them is in memory at a time, however many virtual servers there are.
 */
final class Exposition {

    private final List<Collector> collectors = new ArrayList<>();

    /** Adds a metric whose values {@code filler} tells. */
    void add(Metric metric, Consumer<Samples> filler) {
        collectors.add(new MetricCollector(metric, filler));
    }

    /** @param accept what the asker can read, by the header of that name */
    static String contentType(String accept) {
        return TextFormat.chooseContentType(accept);
    }

    void writeTo(Writer out, String contentType) throws IOException {
        TextFormat.writeFormat(contentType, out, families());
    }

    @SuppressWarnings("JdkObsolete") // what the client library asks for
    private Enumeration<Collector.MetricFamilySamples> families() {
        Iterator<Collector> rest = collectors.iterator();
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return rest.hasNext();
            }

            @Override
            public Collector.MetricFamilySamples nextElement() {
                return rest.next().collect().getFirst();
            }
        };
    }

    private static final class MetricCollector extends Collector {

        private final Metric metric;
        private final Consumer<Samples> filler;

        MetricCollector(Metric metric, Consumer<Samples> filler) {
            this.metric = metric;
            this.filler = filler;
        }

        @Override
        public List<MetricFamilySamples> collect() {
            Samples samples = new Samples(metric);
            filler.accept(samples);
            return List.of(new MetricFamilySamples(metric.familyName(), metric.type(), metric.help(), samples.all()));
        }
    }
}
