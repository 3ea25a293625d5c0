package io.fairlead.conf;

import com.typesafe.config.ConfigOrigin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects every mistake of one load. Bounded: after {@link #COUNT_MAX} it only drops. */
final class Problems {

    private static final int COUNT_MAX = 10_000;

    private final List<Path> files = new ArrayList<>();
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** Makes {@code file} known, so that origins in it can be recognised. */
    void addFile(Path file) {
        files.add(file);
    }

    void error(ConfigOrigin origin, String path, String message) {
        add(errors, problem(origin, path, message));
    }

    void warning(ConfigOrigin origin, String path, String message) {
        add(warnings, problem(origin, path, message));
    }

    void error(Path file, int line, String message) {
        add(errors, new Problem(Optional.of(file), line, "", message));
    }

    void warning(Path file, int line, String message) {
        add(warnings, new Problem(Optional.of(file), line, "", message));
    }

    private static void add(List<Problem> list, Problem problem) {
        if (list.size() < COUNT_MAX) {
            list.add(problem);
        }
    }

    private Problem problem(ConfigOrigin origin, String path, String message) {
        return new Problem(fileOf(origin), Math.max(0, origin.lineNumber()), path, message);
    }

    /** Returns {@code FILE:LINE}. */
    String place(ConfigOrigin origin) {
        String file = fileOf(origin).map(Path::toString).orElse("built in");
        return origin.lineNumber() > 0 ? file + ":" + origin.lineNumber() : file;
    }

    /** An origin says {@code FILE: LINE} or {@code merge of FILE: LINE,FILE: LINE}; names may hold any of these signs. */
    private Optional<Path> fileOf(ConfigOrigin origin) {
        String description = origin.description();
        String place = description.startsWith("merge of ") ? description.substring("merge of ".length()) : description;
        Optional<Path> longest = Optional.empty();
        int longestLength = -1;
        for (Path file : files) {
            String name = file.toString();
            if (name.length() > longestLength && place.startsWith(name)) {
                longest = Optional.of(file);
                longestLength = name.length();
            }
        }
        return longest;
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    List<Problem> errors() {
        return sorted(errors);
    }

    List<Problem> warnings() {
        return sorted(warnings);
    }

    /** Orders by file as they were read, line and path, and drops repetitions: a bad default is read once for each user. */
    private List<Problem> sorted(List<Problem> problems) {
        return problems.stream()
                .distinct()
                .sorted(Comparator.comparingInt((Problem problem) ->
                                problem.file().map(files::indexOf).orElse(-1))
                        .thenComparingInt(Problem::line)
                        .thenComparing(Problem::path))
                .toList();
    }
}
