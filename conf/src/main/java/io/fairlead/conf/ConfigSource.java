package io.fairlead.conf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A configuration file that is loaded again and again. Remembers what it last held, so that one changed virtual server
 * among thousands costs the parsing of one: the library needs seconds for what changes in a line.
 *
 * <p>The short way is only taken to a configuration that is valid and free of warnings; whatever else is found, the whole
 * file is loaded as {@link ConfigFile} does. So both say the same of every file, which the tests hold them to.
 */
public final class ConfigSource {

    private final Path file;
    private Optional<LoadedText> last = Optional.empty();

    public ConfigSource(Path file) {
        this.file = file;
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Loads the file as it is now. Any thread; one at a time. */
    public synchronized ConfigOutcome load() {
        Optional<byte[]> text = read();
        Optional<LoadedText> next = last.flatMap(loaded -> text.flatMap(now -> loaded.changedTo(file, now)));
        if (next.isPresent()) {
            last = next;
            return new ConfigOutcome.Accepted(next.get().config(), List.of());
        }
        ConfigOutcome outcome = ConfigFile.load(file);
        if (outcome instanceof ConfigOutcome.Accepted accepted
                && accepted.warnings().isEmpty()
                && text.isPresent()
                && Arrays.equals(text.get(), read().orElse(null))) { // else it changed while it was loaded
            last = LoadedText.of(text.get(), accepted.config());
        }
        return outcome;
    }

    /** What cannot be read here is reported by {@link ConfigFile}. */
    private Optional<byte[]> read() {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= SourceFiles.TOTAL_BYTES_MAX
                    ? Optional.of(Files.readAllBytes(file))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
