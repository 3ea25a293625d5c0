package io.fairlead.conf;

import io.fairlead.health.check.BodyDigest;
import io.fairlead.health.check.BoundedPattern;
import io.fairlead.health.check.HttpExpectation;
import io.fairlead.health.check.HttpHeader;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.HttpRequestSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads health checks of type {@code http} and {@code https}. */
final class HttpProbeReader implements ProbeReader<HttpProbeSpec> {

    private static final String METHOD = "method";
    private static final String PATH = "path";
    static final String HOST = "host";
    private static final String HEADERS = "headers";
    private static final String BODY = "body";
    private static final String HTTP_VERSION = "http-version";
    private static final String EXPECT_BODY = "expect-body";
    private static final String EXPECT_DIGEST = "expect-digest";

    private static final List<String> KEYS = List.of(
            METHOD, PATH, HOST, HEADERS, BODY, HTTP_VERSION, StatusKeys.EXPECT_STATUS, EXPECT_BODY, EXPECT_DIGEST);
    private static final Choices<HttpProbeSpec.Version> VERSIONS = new Choices<HttpProbeSpec.Version>()
            .add("1.1", HttpProbeSpec.Version.HTTP_1_1)
            .add("2", HttpProbeSpec.Version.HTTP_2);
    private static final int TEXT_LENGTH_MAX = 2048;
    private static final int BODY_LENGTH_MAX = 65536;

    private final boolean tls;

    HttpProbeReader(boolean tls) {
        this.tls = tls;
    }

    @Override
    public String type() {
        return tls ? "https" : "http";
    }

    @Override
    public List<String> keys() {
        Stream<String> plain = Stream.concat(KEYS.stream(), ConnectionKeys.STREAM.stream());
        return (tls ? Stream.concat(plain, TlsKeys.ALL.stream()) : plain).toList();
    }

    @Override
    public HttpProbeSpec read(Section section) {
        String method = section.text(
                        METHOD, "an HTTP method in capitals, such as GET or HEAD", HttpProbeReader::isMethod)
                .orElse("GET");
        Optional<BoundedPattern> body = pattern(section, EXPECT_BODY);
        Optional<BodyDigest> digest =
                section.parsed(EXPECT_DIGEST, BodyDigest::parse, "an MD5 of 32 or a SHA-256 of 64 hexadecimal digits");
        if (method.equals("HEAD") && (body.isPresent() || digest.isPresent())) {
            section.error(
                    body.isPresent() ? EXPECT_BODY : EXPECT_DIGEST,
                    "with method HEAD (expected: another method, because the answer to HEAD has no body)");
        }
        return new HttpProbeSpec(
                ConnectionKeys.stream(section),
                tls ? Optional.of(TlsKeys.read(section)) : Optional.empty(),
                section.choice(HTTP_VERSION, VERSIONS).orElse(HttpProbeSpec.Version.HTTP_1_1),
                new HttpRequestSpec(
                        method,
                        section.text(PATH, "a path that starts with / and has no spaces", HttpProbeReader::isPath)
                                .orElse("/"),
                        host(section),
                        headers(section),
                        section.text(BODY, "at most 65536 characters", text -> text.length() <= BODY_LENGTH_MAX)),
                new HttpExpectation(StatusKeys.read(section), body, digest));
    }

    static Optional<String> host(Section section) {
        return section.text(HOST, "a host name without spaces", HttpProbeReader::isVisible);
    }

    static Optional<BoundedPattern> pattern(Section section, String key) {
        Optional<String> text = section.string(key);
        try {
            return text.map(BoundedPattern::of);
        } catch (IllegalArgumentException e) {
            section.error(
                    key,
                    Section.quoted(text.orElse("")) + " is no regular expression: " + e.getMessage()
                            + " (expected: one as in Java)");
            return Optional.empty();
        }
    }

    private static List<HttpHeader> headers(Section section) {
        List<HttpHeader> headers = new ArrayList<>();
        for (String text : section.strings(HEADERS).orElse(List.of())) {
            int colon = text.indexOf(':');
            try {
                if (colon < 0) {
                    throw new IllegalArgumentException("no colon");
                }
                headers.add(new HttpHeader(
                        text.substring(0, colon), text.substring(colon + 1).strip()));
            } catch (IllegalArgumentException e) {
                // The value may be a secret.
                section.error(
                        HEADERS,
                        Section.quoted(colon < 0 ? text : text.substring(0, colon))
                                + " (expected: \"Name: value\" in visible ASCII, and no header that frames the"
                                + " message)");
            }
        }
        return headers;
    }

    @Override
    public Class<HttpProbeSpec> specClass() {
        return HttpProbeSpec.class;
    }

    @Override
    public void show(HttpProbeSpec spec, BiConsumer<String, String> line) {
        HttpRequestSpec request = spec.request();
        HttpExpectation expectation = spec.expectation();
        line.accept(METHOD, Section.literal(request.method()));
        line.accept(PATH, Section.literal(request.path()));
        request.host().ifPresent(host -> line.accept(HOST, Section.literal(host)));
        if (!request.headers().isEmpty()) {
            line.accept(
                    HEADERS,
                    request.headers().stream()
                            .map(header -> Section.literal(header.name() + ": " + header.value()))
                            .collect(Collectors.joining(", ", "[", "]")));
        }
        request.body().ifPresent(body -> line.accept(BODY, Section.literal(body)));
        line.accept(HTTP_VERSION, spec.version() == HttpProbeSpec.Version.HTTP_2 ? "\"2\"" : "\"1.1\"");
        StatusKeys.show(expectation.status(), line);
        expectation.body().ifPresent(body -> line.accept(EXPECT_BODY, Section.literal(body.toString())));
        expectation.digest().ifPresent(digest -> line.accept(EXPECT_DIGEST, Section.literal(digest.hex())));
        ConnectionKeys.show(spec.connection(), line);
        spec.tls().ifPresent(settings -> TlsKeys.show(settings, line));
    }

    private static boolean isMethod(String text) {
        return !text.isEmpty()
                && text.length() <= 32
                && !text.equals("CONNECT")
                && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static boolean isPath(String text) {
        return text.startsWith("/") && isVisible(text);
    }

    /** Spaces and control characters would let a value write further headers. */
    static boolean isVisible(String text) {
        return !text.isEmpty()
                && text.length() <= TEXT_LENGTH_MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
