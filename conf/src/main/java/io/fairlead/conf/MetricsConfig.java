package io.fairlead.conf;

import io.fairlead.core.net.ServerAddress;
import java.util.Optional;

/**
 * What is shown to those who watch, and where.
 *
 * @param listen where Prometheus and browsers reach it; empty for nowhere
 * @param perRealServer whether each real server and each of its checks has its own time series
 * @param statusPage whether a page for browsers is served too
 */
public record MetricsConfig(Optional<ServerAddress> listen, boolean perRealServer, boolean statusPage) {

    /** Nothing. */
    public static final MetricsConfig OFF = new MetricsConfig(Optional.empty(), true, false);
}
