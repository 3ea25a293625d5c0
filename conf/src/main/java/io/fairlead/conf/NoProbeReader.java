package io.fairlead.conf;

import io.fairlead.health.check.NoProbeSpec;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads health checks of type {@code none}. */
final class NoProbeReader implements ProbeReader<NoProbeSpec> {

    @Override
    public String type() {
        return "none";
    }

    @Override
    public List<String> keys() {
        return List.of();
    }

    @Override
    public NoProbeSpec read(Section section) {
        return new NoProbeSpec();
    }

    @Override
    public Class<NoProbeSpec> specClass() {
        return NoProbeSpec.class;
    }

    @Override
    public void show(NoProbeSpec spec, BiConsumer<String, String> line) {
        // nothing to ask, nothing to set
    }
}
