package io.fairlead.conf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** A larger file is always loaded whole: its texts would take too much of the memory beside the heap. */
    private static final int REMEMBERED_BYTES_MAX = 16 << 20;

    private static final int ROOM_TO_GROW = 1 << 12;

    private final Path file;
    private Optional<LoadedText> last = Optional.empty();
    /** Read into by turns with the text of {@link #last}: to make room for millions of bytes takes longer than to read them. */
    private ByteBuffer spare = ByteBuffer.allocate(0);

    public ConfigSource(Path file) {
        this.file = file;
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Loads the file as it is now. Any thread; one at a time. */
    public synchronized ConfigOutcome load() {
        boolean isRead = read();
        Optional<LoadedText> next = last.filter(_ -> isRead).flatMap(loaded -> loaded.changedTo(file, spare));
        if (next.isPresent()) {
            remember(next);
            return new ConfigOutcome.Accepted(next.get().config(), List.of());
        }
        ConfigOutcome outcome = ConfigFile.load(file);
        if (outcome instanceof ConfigOutcome.Accepted accepted
                && accepted.warnings().isEmpty()
                && isRead
                && isStill(spare)) { // else it changed while it was loaded
            remember(LoadedText.of(spare, accepted.config()));
        }
        return outcome;
    }

    private void remember(Optional<LoadedText> next) {
        Optional<ByteBuffer> free = last.map(LoadedText::text);
        last = next;
        if (next.isPresent() && isSpare(next.get().text())) {
            spare = free.orElseGet(() -> ByteBuffer.allocate(0));
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very buffer, not one with the same bytes
    private boolean isSpare(ByteBuffer text) {
        return text == spare;
    }

    /**
     * Goes the short way once, to what the file last held with a blank more, and forgets what it found. A JVM is slow at
     * what it does for the first times, and a reload is waited for. Any thread; a {@link #load} waits meanwhile.
     *
     * @return a configuration equal to that last loaded; empty where a reload would load the whole file
     */
    public synchronized Optional<FairleadConfig> rehearse() {
        if (last.isEmpty() || !read()) {
            return Optional.empty();
        }
        LoadedText loaded = last.get();
        makeRoom(loaded.text().limit() + 1);
        loaded.putWithOneBlankMore(spare);
        return loaded.changedTo(file, spare).map(LoadedText::config);
    }

    /** Reads the file into {@link #spare}; false if it cannot, which {@link ConfigFile} then reports. */
    private boolean read() {
        try (FileChannel channel = Files.isRegularFile(file) ? FileChannel.open(file) : null) {
            if (channel == null || channel.size() > REMEMBERED_BYTES_MAX) {
                return false;
            }
            int size = (int) channel.size();
            makeRoom(size);
            spare.clear().limit(size);
            int read = 0;
            while (read >= 0 && spare.hasRemaining()) {
                read = channel.read(spare);
            }
            // Written to meanwhile, it is longer or shorter by now: what is read again will tell.
            spare.flip();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void makeRoom(int size) {
        if (spare.capacity() < size) {
            spare = ByteBuffer.allocateDirect(size + size / 8 + ROOM_TO_GROW);
        }
    }

    private boolean isStill(ByteBuffer text) {
        try {
            return text.equals(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (IOException e) {
            return false;
        }
    }
}
