package io.fairlead.conf;

import com.typesafe.config.ConfigOrigin;
import io.fairlead.ha.channel.KeyFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that a configuration names and the appliance needs. Readers only note it: a configuration means the same on every
 * host, and only who checks one on the host that it is for wants to know whether its files are there.
 *
 * @param origin where it is named
 * @param key such as {@code fairlead.high-availability.secret-file}
 */
record NamedFile(ConfigOrigin origin, String key, String file, Kind kind) {

    enum Kind {
        KEYS("keys, one a line: fairlead ha key"),
        KUBECONFIG("the kubeconfig of an account that may read the cluster"),
        PROGRAM("a program");

        private final String expected;

        Kind(String expected) {
            this.expected = expected;
        }
    }

    /** Returns what is wrong with the file, and nothing of what it holds; empty also where we may not look. */
    Optional<String> fault() {
        Path path;
        try {
            path = Path.of(file);
        } catch (InvalidPathException e) {
            return Optional.of(file + ": " + e.getReason() + " (expected: " + kind.expected + ")");
        }
        if (Files.notExists(path)) {
            return Optional.of(file + ": no such file (expected: " + kind.expected + ")");
        }
        if (!Files.isReadable(path)) {
            return Optional.empty(); // the appliance runs as somebody else
        }
        if (!Files.isRegularFile(path)) {
            return Optional.of(file + ": not a regular file (expected: " + kind.expected + ")");
        }
        return kind == Kind.KEYS ? keysFault(path) : Optional.empty();
    }

    private static Optional<String> keysFault(Path file) {
        try {
            KeyFile.read(file);
            return Optional.empty();
        } catch (KeyFile.Unusable e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
