package io.fairlead.conf;

import io.fairlead.core.net.ServerAddress;
import java.util.Optional;

/** Reads {@code metrics}. */
final class MetricsReader {

    static final Keys KEYS = new Keys("fairlead.metrics");
    private static final String LISTEN = KEYS.add("listen");
    private static final String PER_REAL_SERVER = KEYS.add("per-real-server");
    private static final String STATUS_PAGE = KEYS.add("status-page");

    private static final String NOWHERE = "none";
    private static final String EXPECTED = "an address and port such as 127.0.0.1:9650 or [::1]:9650, or none";

    private MetricsReader() {}

    static MetricsConfig read(Section section) {
        return new MetricsConfig(
                section.parsed(LISTEN, MetricsReader::listen, EXPECTED).flatMap(address -> address),
                section.flag(PER_REAL_SERVER).orElse(true),
                section.flag(STATUS_PAGE).orElse(false));
    }

    private static Optional<ServerAddress> listen(String text) {
        if (text.equals(NOWHERE)) {
            return Optional.empty();
        }
        ServerAddress address = ServerAddress.parse(text);
        if (address.port() == 0) {
            throw new IllegalArgumentException("port 0 (expected: 1..65535)");
        }
        return Optional.of(address);
    }
}
