package io.fairlead.conf;

import com.typesafe.config.ConfigUtil;
import io.fairlead.health.check.FileProbeSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads health checks of type {@code file}. */
final class FileProbeReader implements ProbeReader<FileProbeSpec> {

    private static final String FILE = "file";

    @Override
    public String type() {
        return "file";
    }

    @Override
    public List<String> keys() {
        return List.of(FILE);
    }

    @Override
    public FileProbeSpec read(Section section) {
        Optional<String> path = section.string(FILE);
        if (path.isEmpty()) {
            section.missing(FILE, "the absolute path of a file");
        }
        return path.flatMap(text -> probe(section, FILE, text)).orElseGet(() -> new FileProbeSpec("/dev/null"));
    }

    /** Returns the probe of the file that {@code path}, written at {@code key}, names. */
    static Optional<FileProbeSpec> probe(Section section, String key, String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            section.error(key, Section.quoted(path) + " (expected: an absolute path)");
            return Optional.empty();
        }
        return Optional.of(new FileProbeSpec(path));
    }

    @Override
    public Class<FileProbeSpec> specClass() {
        return FileProbeSpec.class;
    }

    @Override
    public void show(FileProbeSpec spec, BiConsumer<String, String> line) {
        line.accept(FILE, ConfigUtil.quoteString(spec.path()));
    }
}
