package io.fairlead.conf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

    private static final int READ_AT_ONCE = 1 << 16;

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

    /**
     * Goes the short way once, to what the file last held with a blank more, and forgets what it found. A JVM is slow at
     * what it does for the first time, and a reload is waited for. Any thread; a {@link #load} waits meanwhile.
     *
     * @return a configuration equal to that last loaded; empty where a reload would load the whole file
     */
    public synchronized Optional<FairleadConfig> rehearse() {
        return last.flatMap(loaded -> loaded.changedTo(file, loaded.withOneBlankMore()))
                .map(LoadedText::config);
    }

    /** What cannot be read here is reported by {@link ConfigFile}. */
    private Optional<byte[]> read() {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= SourceFiles.TOTAL_BYTES_MAX
                    ? Optional.of(readInSteps())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The library would read by way of a second buffer as large as the file, and most of the time taken is its making. */
    private byte[] readInSteps() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer text = ByteBuffer.allocate((int) Math.min(channel.size(), SourceFiles.TOTAL_BYTES_MAX));
            int end = text.capacity();
            int read = 0;
            while (read >= 0 && text.position() < end) {
                text.limit(Math.min(end, text.position() + READ_AT_ONCE));
                read = channel.read(text);
            }
            // Written to meanwhile, it is longer or shorter by now: what is read again will tell.
            return text.position() == end ? text.array() : Arrays.copyOf(text.array(), text.position());
        }
    }
}
