package io.fairlead.appliance.state;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The state file: one line that tells version and checksum, then JSON. Written to a file beside it, synchronized, and renamed
 * over the old one, so that a crash leaves either the old content or the new.
 *
 * <pre>
 *   fairlead-state version=1 crc32c=1a2b3c4d
 *   {"virtualServers":[...],"overrides":[...]}
 * </pre>
 */
public final class StateFile {

    static final int VERSION = 1;

    private static final Pattern HEAD = Pattern.compile("fairlead-state version=(\\d{1,9}) crc32c=([0-9a-f]{8})");
    private static final int HEAD_LENGTH_MAX = 100;
    private static final int SIZE_MAX = 256 << 20;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Path folder;
    private final Path file;

    /** @param folder made if it is missing */
    public StateFile(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("state");
    }

    /**
     * What a file was found to hold.
     *
     * @param state {@link SavedState#EMPTY} if there was no file, or none that can be relied upon
     * @param problem what was wrong, and where the damaged file is kept
     */
    public record Loaded(SavedState state, Optional<String> problem) {}

    /** Reads the file. One that is damaged is set aside, and life goes on as if there had been none. */
    public Loaded load() {
        try {
            if (Files.exists(file) && Files.size(file) > SIZE_MAX) {
                return setAside("larger than " + SIZE_MAX + " bytes");
            }
            return parse(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return new Loaded(SavedState.EMPTY, Optional.empty());
        } catch (IOException e) {
            return setAside("cannot be read: " + e);
        }
    }

    private Loaded parse(byte[] bytes) {
        int headEnd = 0;
        while (headEnd < Math.min(bytes.length, HEAD_LENGTH_MAX) && bytes[headEnd] != '\n') {
            headEnd++;
        }
        Matcher head = HEAD.matcher(new String(bytes, 0, headEnd, StandardCharsets.US_ASCII));
        if (!head.matches()) {
            return setAside("no state file");
        }
        int version = Integer.parseInt(head.group(1));
        if (version != VERSION) {
            return setAside("version " + version + " (expected: " + VERSION + ")");
        }
        byte[] json = Arrays.copyOfRange(bytes, Math.min(headEnd + 1, bytes.length), bytes.length);
        if (!checksum(json).equals(head.group(2))) {
            return setAside("damaged: its checksum differs");
        }
        try {
            SavedState state = GSON.fromJson(new String(json, StandardCharsets.UTF_8), SavedState.class);
            return state == null ? setAside("empty") : new Loaded(state, Optional.empty());
        } catch (JsonParseException | NullPointerException e) { // a component that is missing arrives as null
            return setAside("damaged: " + e.getMessage());
        }
    }

    private Loaded setAside(String reason) {
        Path aside = file.resolveSibling("state.damaged");
        String kept;
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            kept = "kept as " + aside;
        } catch (IOException e) {
            kept = "and cannot be set aside: " + e;
        }
        return new Loaded(SavedState.EMPTY, Optional.of("state file " + file + ": " + reason + "; " + kept));
    }

    /** Writes the file; it is on the disk when this returns. @throws IOException if the old file is still the one that counts */
    public void write(SavedState state) throws IOException {
        byte[] json = (GSON.toJson(state) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] head = ("fairlead-state version=" + VERSION + " crc32c=" + checksum(json) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        }
        Path written = file.resolveSibling("state.new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeAll(channel, head);
            writeAll(channel, json);
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true); // the rename itself
        }
    }

    private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static String checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return String.format("%08x", checksum.getValue());
    }
}
