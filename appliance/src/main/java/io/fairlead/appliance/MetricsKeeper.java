package io.fairlead.appliance;

import io.fairlead.appliance.metrics.MetricsServer;
import io.fairlead.appliance.metrics.PauseMeter;
import io.fairlead.appliance.metrics.Site;
import io.fairlead.conf.MetricsConfig;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.time.DurationCounts;
import io.fairlead.core.time.Ticker;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a server for metrics where the configuration wants it. Failing to is no reason not to balance loads. */
final class MetricsKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsKeeper.class);

    private final Site site;
    private @Nullable MetricsServer server;
    private Optional<ServerAddress> listening = Optional.empty();
    private volatile @Nullable PauseMeter pauses;
    private volatile boolean hasStatusPage;

    MetricsKeeper(Site site) {
        this.site = site;
    }

    /**
     * Listens where {@code config} wants it, and nowhere else.
     *
     * @return why that is not possible, if it is not; the next configuration tries again
     */
    synchronized Optional<String> follow(MetricsConfig config) {
        hasStatusPage = config.statusPage();
        if (config.listen().equals(listening)) {
            return Optional.empty();
        }
        stop();
        if (config.listen().isEmpty()) {
            return Optional.empty();
        }
        try {
            server = MetricsServer.start(site, config.listen().get());
            listening = config.listen();
            pauses = PauseMeter.start(Ticker.system());
            LOG.info("Serving metrics address={}", config.listen().get());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether the configuration wants a page for browsers. Any thread. */
    boolean hasStatusPage() {
        return hasStatusPage;
    }

    /** Returns the pauses since metrics were last begun to be served. Any thread. */
    DurationCounts pauses() {
        PauseMeter meter = pauses;
        return meter == null ? PauseMeter.NO_PAUSES : meter.read();
    }

    private void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
        PauseMeter meter = pauses;
        if (meter != null) {
            meter.close();
            pauses = null;
        }
        listening = Optional.empty();
    }

    @Override
    public synchronized void close() {
        stop();
    }
}
