package io.fairlead.conf;

import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.ConnectionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The keys of {@link ConnectionSpec}, which every health check over the network has. */
final class ConnectionKeys {

    /** Where to ask instead of the real server itself; part of the target, not of what is asked. */
    static final String ADDRESS = "address";

    static final String PORT = "port";

    /** Whether the real server is asked at the virtual server's address; resolved where both are known. */
    static final String THROUGH = "through-virtual-server";

    private static final String SOURCE_ADDRESS = "source-address";
    private static final String SOURCE_INTERFACE = "source-interface";
    private static final String MARK = "mark";
    private static final String CONNECT_TIMEOUT = "connect-timeout";

    /** For what goes by datagrams, which have no connection to wait for. */
    static final List<String> DATAGRAM = List.of(ADDRESS, PORT, SOURCE_ADDRESS, SOURCE_INTERFACE, MARK, THROUGH);

    static final List<String> STREAM =
            List.of(ADDRESS, PORT, SOURCE_ADDRESS, SOURCE_INTERFACE, MARK, THROUGH, CONNECT_TIMEOUT);

    private ConnectionKeys() {}

    static ConnectionSpec stream(Section section) {
        return read(section, section.duration(CONNECT_TIMEOUT, Duration.ofMillis(1), CheckSpec.INTERVAL_MAX));
    }

    static ConnectionSpec datagram(Section section) {
        return read(section, Optional.empty());
    }

    private static ConnectionSpec read(Section section, Optional<Duration> connectTimeout) {
        Optional<String> sourceInterface =
                section.text(SOURCE_INTERFACE, "the name of an interface, such as eth0", ConnectionSpec::isInterface);
        ConnectionSpec spec = new ConnectionSpec(
                section.address(SOURCE_ADDRESS),
                sourceInterface,
                section.whole(MARK, 0, ConnectionSpec.MARK_MAX).orElse(0),
                connectTimeout,
                Optional.empty());
        return spec.equals(ConnectionSpec.DEFAULT) ? ConnectionSpec.DEFAULT : spec;
    }

    static void show(ConnectionSpec spec, BiConsumer<String, String> line) {
        spec.sourceAddress().ifPresent(address -> line.accept(SOURCE_ADDRESS, Section.literal(address.toString())));
        spec.sourceInterface().ifPresent(name -> line.accept(SOURCE_INTERFACE, Section.literal(name)));
        if (spec.through().isPresent()) {
            line.accept(THROUGH, "true");
        }
        if (spec.mark() != 0) {
            line.accept(MARK, Long.toString(spec.mark()));
        }
        spec.connectTimeout().ifPresent(timeout -> line.accept(CONNECT_TIMEOUT, DurationText.of(timeout)));
    }
}
