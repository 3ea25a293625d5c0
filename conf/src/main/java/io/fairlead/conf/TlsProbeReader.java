package io.fairlead.conf;

import io.fairlead.health.check.TlsProbeSpec;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads health checks of type {@code tls}. */
final class TlsProbeReader implements ProbeReader<TlsProbeSpec> {

    @Override
    public String type() {
        return "tls";
    }

    @Override
    public List<String> keys() {
        return Stream.concat(ConnectionKeys.STREAM.stream(), TlsKeys.ALL.stream())
                .toList();
    }

    @Override
    public TlsProbeSpec read(Section section) {
        return new TlsProbeSpec(ConnectionKeys.stream(section), TlsKeys.read(section));
    }

    @Override
    public Class<TlsProbeSpec> specClass() {
        return TlsProbeSpec.class;
    }

    @Override
    public void show(TlsProbeSpec spec, BiConsumer<String, String> line) {
        ConnectionKeys.show(spec.connection(), line);
        TlsKeys.show(spec.tls(), line);
    }
}
