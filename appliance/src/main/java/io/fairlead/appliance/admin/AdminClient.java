package io.fairlead.appliance.admin;

import com.google.gson.JsonParseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a running appliance through its admin socket. Plain blocking I/O and no library, because a command should answer in
 * a blink: the server closes after each answer, so an answer is all there is to read.
 */
public final class AdminClient {

    private static final int ANSWER_BYTES_MAX = 256 << 20;
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d{1,9})");

    private final Path socket;

    public AdminClient(Path socket) {
        this.socket = socket;
    }

    /**
     * The appliance's answer.
     *
     * @param status the HTTP status
     * @param body JSON
     */
    public record Answer(int status, String body) {

        /** Returns what went wrong, in an answer that says so. */
        public String error() {
            try {
                return AdminJson.read(ErrorReport.class, body).error();
            } catch (JsonParseException e) {
                return body.isBlank() ? "HTTP status " + status + " without a word" : body.strip();
            }
        }
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param body JSON, or empty for none
     * @throws IOException if no appliance answers on the socket, or not in HTTP
     */
    public Answer send(String method, String path, String body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(
                    (method + " " + path + " HTTP/1.1\r\nHost: fairlead\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + content.length + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(content);
            ByteBuffer outgoing = ByteBuffer.wrap(request.toByteArray());
            while (outgoing.hasRemaining()) {
                channel.write(outgoing);
            }
            return parse(readWhatFits(channel));
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (all.size() > ANSWER_BYTES_MAX) {
                throw new IOException("answer longer than " + ANSWER_BYTES_MAX + " bytes");
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** The answer is the only large thing in a process that asks, so it is the answer that did not fit. */
    private static String readWhatFits(SocketChannel channel) throws IOException {
        try {
            return readAll(channel);
        } catch (OutOfMemoryError e) {
            throw new IOException("answer too long for the memory of this command", e);
        }
    }

    private static Answer parse(String answer) throws IOException {
        if (answer.isEmpty()) {
            throw new IOException("it closed the connection without an answer");
        }
        int headEnd = answer.indexOf("\r\n\r\n");
        if (!answer.startsWith("HTTP/1.1 ") || headEnd < 12) {
            throw new IOException("not an HTTP answer of " + answer.length() + " characters");
        }
        String body = answer.substring(headEnd + 4);
        Matcher length = CONTENT_LENGTH.matcher(answer.substring(0, headEnd));
        if (length.find() && body.getBytes(StandardCharsets.UTF_8).length < Integer.parseInt(length.group(1))) {
            throw new IOException("the answer ended early");
        }
        try {
            return new Answer(Integer.parseInt(answer.substring(9, 12)), body);
        } catch (NumberFormatException e) {
            throw new IOException("not an HTTP status: " + answer.substring(9, 12), e);
        }
    }
}
