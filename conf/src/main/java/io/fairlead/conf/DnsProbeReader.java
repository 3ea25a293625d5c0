package io.fairlead.conf;

import io.fairlead.health.check.DnsCode;
import io.fairlead.health.check.DnsProbeSpec;
import io.fairlead.health.check.DnsRecordKind;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads health checks of type {@code dns}. */
final class DnsProbeReader implements ProbeReader<DnsProbeSpec> {

    private static final String TRANSPORT = "transport";
    private static final String NAME = "name";
    private static final String RECORD_TYPE = "record-type";
    private static final String EXPECT_CODE = "expect-code";
    private static final String EXPECT_ANSWER = "expect-answer";

    private static final Choices<DnsProbeSpec.Transport> TRANSPORTS = choices(DnsProbeSpec.Transport.values(), true);
    private static final Choices<DnsRecordKind> RECORD_TYPES = choices(DnsRecordKind.values(), false);
    private static final Choices<DnsCode> CODES = choices(DnsCode.values(), false);

    private static <T extends Enum<T>> Choices<T> choices(T[] values, boolean lowerCase) {
        Choices<T> choices = new Choices<>();
        for (T value : values) {
            choices.add(lowerCase ? value.name().toLowerCase(Locale.ROOT) : value.name(), value);
        }
        return choices;
    }

    @Override
    public String type() {
        return "dns";
    }

    @Override
    public List<String> keys() {
        return Stream.concat(
                        Stream.of(TRANSPORT, NAME, RECORD_TYPE, EXPECT_CODE, EXPECT_ANSWER),
                        ConnectionKeys.STREAM.stream())
                .toList();
    }

    @Override
    public DnsProbeSpec read(Section section) {
        DnsProbeSpec.Transport transport = section.choice(TRANSPORT, TRANSPORTS).orElse(DnsProbeSpec.Transport.UDP);
        return new DnsProbeSpec(
                ConnectionKeys.stream(section),
                transport,
                section.text(NAME, "a domain name, or \".\" for the root", DnsProbeSpec::isName)
                        .orElse("."),
                section.choice(RECORD_TYPE, RECORD_TYPES).orElse(DnsRecordKind.SOA),
                section.choice(EXPECT_CODE, CODES).orElse(DnsCode.NOERROR),
                section.text(
                        EXPECT_ANSWER,
                        "the data of a record, such as 192.0.2.1",
                        text -> !text.isBlank() && text.length() <= 4096));
    }

    @Override
    public Class<DnsProbeSpec> specClass() {
        return DnsProbeSpec.class;
    }

    @Override
    public void show(DnsProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(TRANSPORT, spec.transport().name().toLowerCase(Locale.ROOT));
        line.accept(NAME, Section.literal(spec.name()));
        line.accept(RECORD_TYPE, spec.recordType().name());
        line.accept(EXPECT_CODE, spec.expectCode().name());
        spec.expectAnswer().ifPresent(answer -> line.accept(EXPECT_ANSWER, Section.literal(answer)));
        ConnectionKeys.show(spec.connection(), line);
    }
}
