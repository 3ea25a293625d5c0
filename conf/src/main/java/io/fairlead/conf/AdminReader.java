package io.fairlead.conf;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code admin}. */
final class AdminReader {

    static final Keys KEYS = new Keys("fairlead.admin");
    private static final String SOCKET = KEYS.add("socket");
    private static final String READ_ONLY_SOCKET = KEYS.add("read-only-socket");
    private static final String READ_ONLY_GROUP = KEYS.add("read-only-group");

    private static final int SOCKET_LENGTH_MAX = 107; // sun_path is 108 bytes with its NUL
    private static final String NOWHERE = "none";
    private static final String EXPECTED = "an absolute path of at most " + SOCKET_LENGTH_MAX + " bytes, or none";

    private AdminReader() {}

    static AdminConfig read(Section section) {
        Path socket = FairleadReader.path(section, SOCKET, SOCKET_LENGTH_MAX).orElse(Path.of("/"));
        Optional<Path> readOnly = section.parsed(READ_ONLY_SOCKET, AdminReader::readOnly, EXPECTED)
                .flatMap(path -> path);
        if (readOnly.filter(socket::equals).isPresent()) {
            section.error(READ_ONLY_SOCKET, Section.quoted(socket.toString()) + " (expected: another than socket)");
        }
        return new AdminConfig(socket, readOnly, ScriptProbeReader.name(section, READ_ONLY_GROUP));
    }

    private static Optional<Path> readOnly(String text) {
        if (text.equals(NOWHERE)) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(text);
            if (path.isAbsolute() && text.length() <= SOCKET_LENGTH_MAX) {
                return Optional.of(path);
            }
        } catch (InvalidPathException e) {
            // Said below, as for any other unfit path.
        }
        throw new IllegalArgumentException(text);
    }
}
