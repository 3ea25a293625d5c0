package io.fairlead.conf;

import io.fairlead.health.check.SmtpProbeSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads health checks of type {@code smtp}. */
final class SmtpProbeReader implements ProbeReader<SmtpProbeSpec> {

    private static final String SECURITY = "security";
    private static final String HELO_NAME = "helo-name";

    private static final Choices<SmtpProbeSpec.Security> SECURITIES = new Choices<SmtpProbeSpec.Security>()
            .add("none", SmtpProbeSpec.Security.NONE)
            .add("starttls", SmtpProbeSpec.Security.STARTTLS)
            .add("tls", SmtpProbeSpec.Security.TLS);

    @Override
    public String type() {
        return "smtp";
    }

    @Override
    public List<String> keys() {
        return Stream.of(List.of(SECURITY, HELO_NAME, StatusKeys.EXPECT_STATUS), ConnectionKeys.STREAM, TlsKeys.ALL)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public SmtpProbeSpec read(Section section) {
        SmtpProbeSpec.Security security = section.choice(SECURITY, SECURITIES).orElse(SmtpProbeSpec.Security.NONE);
        boolean tls = security != SmtpProbeSpec.Security.NONE;
        for (String key : TlsKeys.ALL) {
            if (!tls && section.has(key)) {
                section.error(key, "without TLS (expected: only with security starttls or tls)");
            }
        }
        return new SmtpProbeSpec(
                ConnectionKeys.stream(section),
                security,
                tls ? Optional.of(TlsKeys.read(section)) : Optional.empty(),
                section.text(HELO_NAME, "a host name or an address in brackets", SmtpProbeSpec::isHeloName)
                        .orElse("fairlead"),
                StatusKeys.read(section));
    }

    @Override
    public Class<SmtpProbeSpec> specClass() {
        return SmtpProbeSpec.class;
    }

    @Override
    public void show(SmtpProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(SECURITY, spec.security().name().toLowerCase(Locale.ROOT));
        line.accept(HELO_NAME, Section.literal(spec.heloName()));
        StatusKeys.show(spec.expectStatus(), line);
        ConnectionKeys.show(spec.connection(), line);
        spec.tls().ifPresent(settings -> TlsKeys.show(settings, line));
    }
}
