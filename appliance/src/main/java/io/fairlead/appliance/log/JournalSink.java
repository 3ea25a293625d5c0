package io.fairlead.appliance.log;

import io.netty.channel.unix.Socket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.event.Level;

/**
 * Systemd's journal by its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): a datagram a record, in which each value of
 * the message is a field of its own, such as {@code FAIRLEAD_OPERATIONS}. What the journal does not take goes to
 * {@code otherwise}.
 */
final class JournalSink implements LogSink {

    /** Larger datagrams would need a file of their own to be passed; a message that long is cut. */
    private static final int VALUE_CHARS_MAX = 16 << 10;

    private final Socket socket;
    private final byte[] address;
    private final LogSink otherwise;

    JournalSink(Socket socket, String address, LogSink otherwise) {
        this.socket = socket;
        this.address = address.getBytes(StandardCharsets.UTF_8);
        this.otherwise = otherwise;
    }

    @Override
    public void write(LogRecord entry) {
        byte[] bytes = encode(entry);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        try {
            if (socket.sendToDomainSocket(buffer, 0, bytes.length, address) == bytes.length) {
                return;
            }
        } catch (IOException e) {
            // The journal is being restarted, or its queue is full.
        }
        otherwise.write(entry);
    }

    static byte[] encode(LogRecord entry) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        put(out, "MESSAGE", entry.text());
        put(out, "PRIORITY", Integer.toString(priority(entry.level())));
        put(out, "SYSLOG_IDENTIFIER", "fairlead");
        put(out, "FAIRLEAD_LOGGER", entry.logger());
        put(out, "FAIRLEAD_THREAD", entry.thread());
        for (LogRecord.Field field : entry.fields()) {
            put(out, "FAIRLEAD_" + field.name().toUpperCase(Locale.ROOT).replace('-', '_'), field.value());
        }
        entry.cause().ifPresent(cause -> {
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace));
            put(out, "FAIRLEAD_STACK_TRACE", trace.toString());
        });
        return out.toByteArray();
    }

    /** A value with line ends is preceded by its length, which no value can forge. */
    private static void put(ByteArrayOutputStream out, String name, String text) {
        byte[] value = (text.length() > VALUE_CHARS_MAX ? text.substring(0, VALUE_CHARS_MAX) : text)
                .getBytes(StandardCharsets.UTF_8);
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        if (text.indexOf('\n') < 0) {
            out.write('=');
        } else {
            out.write('\n');
            out.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value.length)
                    .array());
        }
        out.writeBytes(value);
        out.write('\n');
    }

    /** The priorities of syslog(3). */
    private static int priority(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARN -> 4;
            case INFO -> 6;
            case DEBUG, TRACE -> 7;
        };
    }
}
