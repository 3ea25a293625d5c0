package io.fairlead.conf;

import io.fairlead.health.check.GrpcProbeSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads health checks of type {@code grpc}. */
final class GrpcProbeReader implements ProbeReader<GrpcProbeSpec> {

    private static final String SERVICE = "service";
    private static final String TLS = "tls";

    @Override
    public String type() {
        return "grpc";
    }

    @Override
    public List<String> keys() {
        return Stream.of(List.of(SERVICE, TLS, HttpProbeReader.HOST), ConnectionKeys.STREAM, TlsKeys.ALL)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public GrpcProbeSpec read(Section section) {
        boolean tls = section.flag(TLS).orElse(false);
        for (String key : TlsKeys.ALL) {
            if (!tls && section.has(key)) {
                section.error(key, "without TLS (expected: only with tls = true)");
            }
        }
        return new GrpcProbeSpec(
                ConnectionKeys.stream(section),
                tls ? Optional.of(TlsKeys.read(section)) : Optional.empty(),
                section.text(
                                SERVICE,
                                "the name of a service without spaces, at most 1024 characters",
                                text -> text.isEmpty() || (HttpProbeReader.isVisible(text) && text.length() <= 1024))
                        .orElse(""),
                HttpProbeReader.host(section));
    }

    @Override
    public Class<GrpcProbeSpec> specClass() {
        return GrpcProbeSpec.class;
    }

    @Override
    public void show(GrpcProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(SERVICE, Section.literal(spec.service()));
        spec.host().ifPresent(host -> line.accept(HttpProbeReader.HOST, Section.literal(host)));
        line.accept(TLS, Boolean.toString(spec.tls().isPresent()));
        ConnectionKeys.show(spec.connection(), line);
        spec.tls().ifPresent(settings -> TlsKeys.show(settings, line));
    }
}
