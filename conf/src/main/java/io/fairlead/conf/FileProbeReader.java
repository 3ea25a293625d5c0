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
        } else if (!path.get().startsWith("/") || path.get().indexOf('\0') >= 0) {
            section.error(FILE, Section.quoted(path.get()) + " (expected: an absolute path)");
        } else {
            return new FileProbeSpec(path.get());
        }
        return new FileProbeSpec("/dev/null");
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
