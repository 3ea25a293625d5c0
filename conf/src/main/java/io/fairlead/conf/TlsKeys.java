package io.fairlead.conf;

import io.fairlead.health.check.TlsSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The keys of {@link TlsSpec}, which every health check that can speak TLS has. */
final class TlsKeys {

    private static final String VERIFY_TLS = "verify-tls";
    private static final String SERVER_NAME = "server-name";
    private static final String CA_FILE = "ca-file";
    private static final String CERTIFICATE_FILE = "certificate-file";
    private static final String KEY_FILE = "key-file";

    static final List<String> ALL = List.of(VERIFY_TLS, SERVER_NAME, CA_FILE, CERTIFICATE_FILE, KEY_FILE);

    private TlsKeys() {}

    static TlsSpec read(Section section) {
        Optional<String> certificate = file(section, CERTIFICATE_FILE);
        Optional<String> key = file(section, KEY_FILE);
        if (certificate.isPresent() != key.isPresent()) {
            String given = certificate.isPresent() ? CERTIFICATE_FILE : KEY_FILE;
            String absent = certificate.isPresent() ? KEY_FILE : CERTIFICATE_FILE;
            if (!section.has(absent)) {
                section.error(given, "without " + absent + " (expected: both or neither)");
            }
            certificate = Optional.empty();
            key = Optional.empty();
        }
        return new TlsSpec(
                section.flag(VERIFY_TLS).orElse(true),
                section.text(SERVER_NAME, "a host name or address without spaces", TlsKeys::isServerName),
                file(section, CA_FILE),
                certificate,
                key);
    }

    /** What the JDK takes as a name to ask for: letters, digits, hyphens, dots; and addresses. */
    private static boolean isServerName(String text) {
        return text.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,253}[A-Za-z0-9_])?|[0-9a-fA-F:.]{2,45}");
    }

    private static Optional<String> file(Section section, String key) {
        return section.text(
                key,
                "an absolute path",
                path -> path.startsWith("/") && path.length() <= 4096 && path.indexOf('\0') < 0);
    }

    static void show(TlsSpec spec, BiConsumer<String, String> line) {
        line.accept(VERIFY_TLS, Boolean.toString(spec.verify()));
        spec.serverName().ifPresent(name -> line.accept(SERVER_NAME, Section.literal(name)));
        spec.caFile().ifPresent(file -> line.accept(CA_FILE, Section.literal(file)));
        spec.certificateFile().ifPresent(file -> line.accept(CERTIFICATE_FILE, Section.literal(file)));
        spec.keyFile().ifPresent(file -> line.accept(KEY_FILE, Section.literal(file)));
    }
}
