package io.fairlead.appliance.event;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events on the disk: {@code events.log}, one JSON object a line, and {@code events.1.log}, which it becomes when it is
 * full. Only ever appended to, so that damage stays where it is: a line that cannot be read is skipped and counted. Written
 * without waiting for the disk; a power cut may cost the last seconds. Confined to one thread.
 */
final class EventFile {

    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Path folder;
    private final Path current;
    private final Path previous;
    private final long bytesMax;

    /**
     * @param folder made if it is missing
     * @param bytesMax of each of the two files
     */
    EventFile(Path folder, long bytesMax) {
        this.folder = folder;
        this.current = folder.resolve("events.log");
        this.previous = folder.resolve("events.1.log");
        this.bytesMax = bytesMax;
    }

    /**
     * What was found on the disk.
     *
     * @param latest in order, at most as many as were asked for
     * @param damaged how many lines cannot be read
     */
    record Loaded(List<Event> latest, int damaged) {}

    /** Reads the last {@code most} events. @throws IOException if a file that is there cannot be read at all */
    Loaded load(int most) throws IOException {
        Deque<Event> latest = new ArrayDeque<>();
        int damaged = 0;
        for (Path file : List.of(previous, current)) {
            if (!Files.exists(file)) {
                continue;
            }
            // Bytes that are no UTF-8 become the replacement character, and their line no JSON or still good.
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Event event = parse(line);
                    Event last = latest.peekLast();
                    if (event == null || (last != null && event.number() <= last.number())) {
                        damaged++;
                        continue;
                    }
                    latest.addLast(event);
                    if (latest.size() > most) {
                        latest.removeFirst();
                    }
                }
            }
        }
        return new Loaded(List.copyOf(latest), damaged);
    }

    private static @Nullable Event parse(String line) {
        if (line.length() > LINE_BYTES_MAX) {
            return null;
        }
        try {
            Event event = GSON.fromJson(line, Event.class);
            return event == null || event.kind() == null || event.at() == null ? null : event;
        } catch (RuntimeException e) { // no JSON, or what the record's constructor refuses, such as a missing component
            return null;
        }
    }

    /**
     * Appends events.
     *
     * @throws IOException if not all of them are in the file; those that are not whole have been taken out of it again
     */
    void append(List<Event> events) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        }
        List<byte[]> lines = new ArrayList<>(events.size());
        for (Event event : events) {
            lines.add((GSON.toJson(event) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (Files.exists(current) && Files.size(current) >= bytesMax) {
            Files.move(current, previous, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        try (FileChannel channel = FileChannel.open(
                current, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            channel.position(end);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            if (end > 0 && !endsALine(channel, end)) {
                bytes.write('\n'); // we were cut off in the middle of a line
            }
            lines.forEach(bytes::writeBytes);
            try {
                ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        }
    }

    private static boolean endsALine(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.read(last, end - 1) == 1 && last.get(0) == '\n';
    }
}
