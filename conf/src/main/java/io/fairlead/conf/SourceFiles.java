package io.fairlead.conf;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads and parses a file and what it includes, within bounds: total size, number of inclusions, their depth, and the
 * depth of nesting. Included names are relative to the file that includes them.
 *
 * <p>We read the files ourselves instead of letting the library do it, so that a device, a pipe or an endless cycle
 * is a problem with a line and not a hang.
 */
final class SourceFiles implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    static final long TOTAL_BYTES_MAX = 64L << 20;
    private static final int INCLUSIONS_MAX = 1000;
    private static final int INCLUSION_DEPTH_MAX = 20;
    private static final int NESTING_MAX = 100;

    /** A file that is being parsed. */
    private record Open(Path file, String text) {}

    private final Problems problems;
    private final Deque<Open> open = new ArrayDeque<>();
    private final List<String> texts = new ArrayList<>();
    private long totalBytes;
    private int inclusions;

    SourceFiles(Problems problems) {
        this.problems = problems;
    }

    /** Parses {@code file}; a file that cannot be parsed is a problem and empty. */
    Optional<ConfigObject> parse(Path file) {
        problems.addFile(file);
        return read(file, file, 0).flatMap(text -> parse(file, text));
    }

    /** Returns the texts of all files that were parsed. */
    List<String> texts() {
        return Collections.unmodifiableList(texts);
    }

    /** Parses {@code text} as what {@code file} holds. */
    Optional<ConfigObject> parse(Path file, String text) {
        if (isTooDeep(file, text)) {
            return Optional.empty();
        }
        texts.add(text);
        open.push(new Open(file, text));
        try {
            ConfigParseOptions options = ConfigParseOptions.defaults()
                    .setSyntax(ConfigSyntax.CONF)
                    .setOriginDescription(file.toString())
                    .setIncluder(this);
            return Optional.of(ConfigFactory.parseString(text, options).root());
        } catch (ConfigException e) {
            ParseFailure.report(problems, file, e);
            return Optional.empty();
        } finally {
            open.pop();
        }
    }

    /** Reads {@code file} whole, and reports a failure at a line of {@code reporter}. */
    private Optional<String> read(Path file, Path reporter, int line) {
        try {
            if (!Files.exists(file)) {
                problems.error(reporter, line, prefix(file, reporter) + "no such file");
                return Optional.empty();
            }
            if (!Files.isRegularFile(file)) {
                problems.error(
                        reporter,
                        line,
                        prefix(file, reporter) + (Files.isDirectory(file) ? "a directory" : "a special file")
                                + " (expected: a file)");
                return Optional.empty();
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes((int) (TOTAL_BYTES_MAX - totalBytes + 1));
            }
            totalBytes += bytes.length;
            if (totalBytes > TOTAL_BYTES_MAX) {
                totalBytes = TOTAL_BYTES_MAX;
                problems.error(
                        reporter,
                        line,
                        prefix(file, reporter) + "too large (expected: at most 64 MiB with all included files)");
                return Optional.empty();
            }
            return decode(file, bytes);
        } catch (NoSuchFileException e) {
            problems.error(reporter, line, prefix(file, reporter) + "no such file");
        } catch (IOException | SecurityException e) {
            problems.error(reporter, line, prefix(file, reporter) + "cannot be read: " + reason(e));
        }
        return Optional.empty();
    }

    private static String prefix(Path file, Path reporter) {
        return file.equals(reporter) ? "" : "include " + file + ": ";
    }

    private static String reason(Exception e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    private Optional<String> decode(Path file, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                problems.error(file, lineOf(bytes, i), "NUL byte (expected: text in UTF-8)");
                return Optional.empty();
            }
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(in).toString());
        } catch (CharacterCodingException e) {
            problems.error(file, lineOf(bytes, in.position()), "not UTF-8 (expected: text in UTF-8)");
            return Optional.empty();
        }
    }

    private static int lineOf(byte[] bytes, int end) {
        int line = 1;
        for (int i = 0; i < end; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    /** Counts braces and brackets outside quotes and comments: the library recurses once for each. */
    private boolean isTooDeep(Path file, String text) {
        int depth = 0;
        int line = 1;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                quoted = false; // only a triple quote spans lines, and that starts a new pair on each side
            } else if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '#' || (c == '/' && text.startsWith("//", i)))) {
                int end = text.indexOf('\n', i);
                i = (end < 0 ? text.length() : end) - 1;
            } else if (!quoted && (c == '{' || c == '[')) {
                depth++;
                if (depth > NESTING_MAX) {
                    problems.error(file, line, "nested too deeply (expected: at most " + NESTING_MAX + " levels)");
                    return true;
                }
            } else if (!quoted && (c == '}' || c == ']')) {
                depth--;
            }
        }
        return false;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String name) {
        Path includer = open.element().file();
        int line = lineOfInclude(name);
        if (name.indexOf('*') >= 0) {
            problems.error(includer, line, "include " + name + ": a pattern (expected: the name of one file)");
            return nothing();
        }
        Optional<Path> file = resolve(includer, name);
        if (file.isEmpty()) {
            problems.error(includer, line, "include " + Section.quoted(name) + ": not a file name");
            return nothing();
        }
        if (!Files.exists(file.get())) {
            String message = "include " + file.get() + ": no such file";
            if (context.parseOptions().getAllowMissing()) {
                problems.warning(includer, line, message);
            } else {
                problems.error(includer, line, message);
            }
            return nothing();
        }
        return parseIncluded(file.get(), includer, line);
    }

    private ConfigObject parseIncluded(Path file, Path includer, int line) {
        if (open.stream().anyMatch(outer -> isSame(outer.file(), file))) {
            problems.error(includer, line, "include " + file + ": the file includes itself");
            return nothing();
        }
        inclusions++;
        if (inclusions > INCLUSIONS_MAX || open.size() >= INCLUSION_DEPTH_MAX) {
            problems.error(
                    includer,
                    line,
                    "include " + file + ": too many (expected: at most " + INCLUSIONS_MAX + " inclusions, "
                            + INCLUSION_DEPTH_MAX + " deep)");
            return nothing();
        }
        problems.addFile(file);
        return read(file, includer, line).flatMap(text -> parse(file, text)).orElseGet(SourceFiles::nothing);
    }

    private static boolean isSame(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            return a.equals(b);
        }
    }

    /** As HOCON has it, {@code include "servers"} also finds {@code servers.conf}. */
    private static Optional<Path> resolve(Path includer, String name) {
        try {
            Path file = includer.resolveSibling(name);
            Path withExtension = includer.resolveSibling(name + ".conf");
            return Optional.of(!Files.exists(file) && Files.exists(withExtension) ? withExtension : file);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The library does not say where the statement is; it is looked for in the text. Only called when there is one. */
    private int lineOfInclude(String name) {
        int line = 0;
        for (String text : (Iterable<String>) open.element().text().lines()::iterator) {
            line++;
            if (text.stripLeading().startsWith("include") && text.contains(name)) {
                return line;
            }
        }
        return 0;
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File file) {
        return include(context, file.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL url) {
        return refuse(url.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String resource) {
        return refuse(resource);
    }

    private ConfigObject refuse(String what) {
        problems.error(
                open.element().file(),
                lineOfInclude(what),
                "include " + Section.quoted(what) + ": not a file (expected: a file on this host)");
        return nothing();
    }

    private static ConfigObject nothing() {
        return ConfigFactory.empty().root();
    }
}
