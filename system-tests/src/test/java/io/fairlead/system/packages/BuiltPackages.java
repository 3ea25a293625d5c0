package io.fairlead.system.packages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code ./package} has built, and what {@code packaging/older-packages} made of it, wherever the booted system sees it. */
final class BuiltPackages {

    /** The work tree: these classes are in {@code system-tests/target/test-classes}. */
    static final Path TREE = tree();

    private static final Path TARGET = TREE.resolve("packaging/target");
    private static final Path OLDER = TARGET.resolve("older");

    private BuiltPackages() {}

    static String deb() {
        return only(TARGET, "*.deb");
    }

    static String olderDeb() {
        return only(OLDER, "*.deb");
    }

    static String rpm() {
        return only(TARGET, "*.rpm");
    }

    static String olderRpm() {
        return only(OLDER, "*.rpm");
    }

    static String tarball() {
        return only(TARGET, "*.tar.gz");
    }

    private static Path tree() {
        try {
            return Path.of(BuiltPackages.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve("../../..")
                    .normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String only(Path folder, String glob) {
        try (var files = Files.newDirectoryStream(folder, glob)) {
            var found = files.iterator();
            if (!found.hasNext()) {
                throw new IllegalStateException(
                        "no " + glob + " in " + folder + " (expected: ./verify packages builds it)");
            }
            return found.next().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
