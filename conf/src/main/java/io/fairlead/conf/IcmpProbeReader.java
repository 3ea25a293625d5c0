package io.fairlead.conf;

import io.fairlead.health.check.IcmpProbeSpec;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads health checks of type {@code icmp}. */
final class IcmpProbeReader implements ProbeReader<IcmpProbeSpec> {

    private static final String PAYLOAD_SIZE = "payload-size";

    @Override
    public String type() {
        return "icmp";
    }

    @Override
    public List<String> keys() {
        return List.of(PAYLOAD_SIZE);
    }

    @Override
    public IcmpProbeSpec read(Section section) {
        return new IcmpProbeSpec(section.integer(PAYLOAD_SIZE, IcmpProbeSpec.PAYLOAD_MIN, IcmpProbeSpec.PAYLOAD_MAX)
                .orElse(IcmpProbeSpec.PAYLOAD_DEFAULT));
    }

    @Override
    public Class<IcmpProbeSpec> specClass() {
        return IcmpProbeSpec.class;
    }

    @Override
    public void show(IcmpProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(PAYLOAD_SIZE, Integer.toString(spec.payloadBytes()));
    }
}
