package io.fairlead.appliance.metrics;

import java.util.List;

/** The page of metrics. */
public final class MetricsText {

    /** Everything there is, in the order of the page and of its document. */
    static final List<MetricGroup> GROUPS = List.of(
            VirtualServerMetrics.GROUP,
            RealServerMetrics.GROUP,
            CheckMetrics.GROUP,
            ReconcileMetrics.GROUP,
            ElectionMetrics.GROUP,
            ProcessMetrics.GROUP);

    private MetricsText() {}

    /** @param accept which formats the asker can read: the header of that name */
    public static Content of(Scrape scrape, String accept) {
        Exposition exposition = exposition(scrape);
        String contentType = Exposition.contentType(accept);
        return new Content(contentType, List.of(), out -> exposition.writeTo(out, contentType));
    }

    static Exposition exposition(Scrape scrape) {
        Exposition exposition = new Exposition();
        VirtualServerMetrics.addTo(exposition, scrape);
        RealServerMetrics.addTo(exposition, scrape);
        CheckMetrics.addTo(exposition, scrape);
        ReconcileMetrics.addTo(exposition, scrape);
        ElectionMetrics.addTo(exposition, scrape);
        ProcessMetrics.addTo(exposition, scrape);
        return exposition;
    }
}
