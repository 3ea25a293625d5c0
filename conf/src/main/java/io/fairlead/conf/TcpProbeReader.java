package io.fairlead.conf;

import io.fairlead.health.check.TcpProbeSpec;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads health checks of type {@code tcp}. */
final class TcpProbeReader implements ProbeReader<TcpProbeSpec> {

    @Override
    public String type() {
        return "tcp";
    }

    @Override
    public List<String> keys() {
        return ConnectionKeys.STREAM;
    }

    @Override
    public TcpProbeSpec read(Section section) {
        return new TcpProbeSpec(ConnectionKeys.stream(section));
    }

    @Override
    public Class<TcpProbeSpec> specClass() {
        return TcpProbeSpec.class;
    }

    @Override
    public void show(TcpProbeSpec spec, BiConsumer<String, String> line) {
        ConnectionKeys.show(spec.connection(), line);
    }
}
