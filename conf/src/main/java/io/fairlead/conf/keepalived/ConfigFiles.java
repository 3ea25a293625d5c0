package io.fairlead.conf.keepalived;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads files line by line, without comments, and finds those that a pattern of an {@code include} names. Bounded in all. */
final class ConfigFiles {

    private static final int TOTAL_BYTES_MAX = 64 << 20;
    private static final int VISITED_FILES_MAX = 100_000;

    private int bytesLeft = TOTAL_BYTES_MAX;

    /** Returns the lines of a file that hold something. */
    List<SourceLine> read(Path file) throws ImportException {
        byte[] bytes;
        try {
            if (!Files.isRegularFile(file)) {
                throw new ImportException(file + ": no such file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(bytesLeft + 1);
            }
        } catch (IOException e) {
            throw new ImportException(file + ": cannot be read: " + e.getMessage());
        }
        bytesLeft -= bytes.length;
        if (bytesLeft < 0) {
            throw new ImportException(file + ": more than " + TOTAL_BYTES_MAX + " bytes with all that it includes");
        }
        List<SourceLine> lines = new ArrayList<>();
        int number = 0;
        for (String text : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            String stripped = withoutComment(text).strip();
            if (!stripped.isEmpty()) {
                lines.add(new SourceLine(file.toString(), number, stripped));
            }
        }
        return lines;
    }

    /** A comment begins with {@code #} or {@code !} that is not in double quotes and has no backslash before it. */
    private static String withoutComment(String line) {
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            switch (line.charAt(i)) {
                case '\\' -> i++;
                case '"' -> isQuoted = !isQuoted;
                case '#', '!' -> {
                    if (!isQuoted) {
                        return line.substring(0, i);
                    }
                }
                default -> {}
            }
        }
        return line;
    }

    /** Returns the files that {@code pattern} names, as glob(7) with braces, in order of their names. */
    static List<Path> matching(Path folder, String pattern) throws ImportException {
        try {
            if (pattern.chars().noneMatch(c -> "*?[{".indexOf(c) >= 0)) {
                Path file = folder.resolve(pattern);
                return Files.isRegularFile(file) ? List.of(file) : List.of();
            }
            String absolute = pattern.startsWith("/")
                    ? pattern
                    : escaped(folder.toAbsolutePath().toString()) + "/" + pattern;
            Path plain = withoutWildcards(absolute);
            if (!Files.isDirectory(plain)) {
                return List.of();
            }
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + absolute);
            int depth = Math.max(1, absolute.split("/+", -1).length - plain.getNameCount());
            try (Stream<Path> visited = Files.walk(plain, depth)) {
                return visited.limit(VISITED_FILES_MAX)
                        .filter(matcher::matches)
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList();
            }
        } catch (IOException | InvalidPathException | java.util.regex.PatternSyntaxException e) {
            throw new ImportException(pattern + ": cannot be listed: " + e.getMessage());
        }
    }

    private static String escaped(String folder) {
        return folder.replaceAll("([*?\\[{\\\\])", "\\\\$1");
    }

    private static Path withoutWildcards(String absolute) {
        Path plain = Path.of("/");
        for (String name : absolute.split("/+", -1)) {
            if (name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
                break;
            }
            plain = plain.resolve(name);
        }
        return plain;
    }
}
