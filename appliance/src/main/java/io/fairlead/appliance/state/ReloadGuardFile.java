package io.fairlead.appliance.state;

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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reload that is not confirmed yet, or was taken back, on the disk: one comment, and below it the configuration before, as
 * a file that can be loaded as it is. Written beside, synchronized and renamed.
 *
 * <pre>
 *   # fairlead reload guard: phase=pending deadline=2026-01-15T09:41:12Z fingerprint=9f86d0…
 *   fairlead { …
 * </pre>
 */
public final class ReloadGuardFile {

    private static final Pattern HEAD = Pattern.compile(
            "# fairlead reload guard: phase=(pending|taken-back) deadline=(\\S{1,40}) fingerprint=([0-9a-f]{64})");

    private final Path file;

    /** @param folder made if it is missing */
    public ReloadGuardFile(Path folder) {
        this.file = folder.resolve("reload-guard.conf");
    }

    /** How far it is. */
    public enum Phase {
        /** Followed, and taken back at the deadline unless confirmed. */
        PENDING,
        /** Not followed any more, whatever a restart finds in the file, until that changes or somebody asks for a reload. */
        TAKEN_BACK;

        /** Returns the word for it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The first line.
     *
     * @param deadline when it is, or was, taken back
     * @param fingerprint of the configuration that is to be confirmed, or was taken back
     */
    public record Guard(Phase phase, Instant deadline, String fingerprint) {

        private String line() {
            return "# fairlead reload guard: phase=" + phase.text() + " deadline=" + deadline + " fingerprint="
                    + fingerprint + "\n";
        }
    }

    /** Returns what tells one configuration from another, given their texts. */
    public static String fingerprint(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java runtime has it
        }
    }

    /** Returns the file, to load the configuration before from. */
    public Path file() {
        return file;
    }

    /** Returns the guard; empty if there is none, or none that can be understood. @throws IOException if it cannot be read */
    public Optional<Guard> read() throws IOException {
        try (var lines = Files.newBufferedReader(file)) {
            String first = lines.readLine();
            Matcher head = HEAD.matcher(first == null ? "" : first);
            if (!head.matches()) {
                return Optional.empty();
            }
            Phase phase = head.group(1).equals(Phase.PENDING.text()) ? Phase.PENDING : Phase.TAKEN_BACK;
            return Optional.of(new Guard(phase, Instant.parse(head.group(2)), head.group(3)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Writes a guard and the configuration before; both are on the disk when this returns. */
    public void write(Guard guard, String before) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        }
        Path written = file.resolveSibling("reload-guard.new");
        Files.deleteIfExists(written);
        Files.createFile(written, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap((guard.line() + before).getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes another first line over the same configuration before. */
    public void rewrite(Guard guard) throws IOException {
        String text = Files.readString(file);
        write(guard, text.substring(text.indexOf('\n') + 1));
    }

    /** Forgets it. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
