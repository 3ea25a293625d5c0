package io.fairlead.conf;

import io.fairlead.health.check.HexPattern;
import io.fairlead.health.check.UdpProbeSpec;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads health checks of type {@code udp}. */
final class UdpProbeReader implements ProbeReader<UdpProbeSpec> {

    private static final String PAYLOAD = "payload";
    private static final String PAYLOAD_HEX = "payload-hex";
    private static final String REQUIRE_REPLY = "require-reply";
    private static final String EXPECT_REPLY = "expect-reply";
    private static final String EXPECT_REPLY_HEX = "expect-reply-hex";

    @Override
    public String type() {
        return "udp";
    }

    @Override
    public List<String> keys() {
        return Stream.concat(
                        Stream.of(PAYLOAD, PAYLOAD_HEX, REQUIRE_REPLY, EXPECT_REPLY, EXPECT_REPLY_HEX),
                        ConnectionKeys.DATAGRAM.stream())
                .toList();
    }

    @Override
    public UdpProbeSpec read(Section section) {
        if (section.has(PAYLOAD) && section.has(PAYLOAD_HEX)) {
            section.error(PAYLOAD_HEX, "given with payload (expected: one of them)");
        }
        Optional<String> text = section.text(
                        PAYLOAD,
                        "at most 1024 bytes",
                        payload -> payload.getBytes(StandardCharsets.UTF_8).length <= UdpProbeSpec.PAYLOAD_BYTES_MAX)
                .map(payload -> HexFormat.of().formatHex(payload.getBytes(StandardCharsets.UTF_8)));
        Optional<String> hex = section.text(
                PAYLOAD_HEX,
                "up to 1024 bytes in hexadecimal",
                payload -> payload.matches("([0-9A-Fa-f]{2}){0," + UdpProbeSpec.PAYLOAD_BYTES_MAX + "}"));
        // What a level says itself wins over the other key of the level above.
        String payload = (section.has(PAYLOAD) ? text.or(() -> hex) : hex.or(() -> text)).orElse("");
        return new UdpProbeSpec(
                ConnectionKeys.datagram(section),
                payload,
                section.flag(REQUIRE_REPLY).orElse(false),
                HttpProbeReader.pattern(section, EXPECT_REPLY),
                section.parsed(EXPECT_REPLY_HEX, HexPattern::new, "bytes in hexadecimal, x for any four bits"));
    }

    @Override
    public Class<UdpProbeSpec> specClass() {
        return UdpProbeSpec.class;
    }

    @Override
    public void show(UdpProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(PAYLOAD_HEX, Section.literal(spec.payloadHex()));
        line.accept(REQUIRE_REPLY, Boolean.toString(spec.requireReply()));
        spec.expectText().ifPresent(text -> line.accept(EXPECT_REPLY, Section.literal(text.toString())));
        spec.expectBytes().ifPresent(bytes -> line.accept(EXPECT_REPLY_HEX, Section.literal(bytes.digits())));
        ConnectionKeys.show(spec.connection(), line);
    }
}
