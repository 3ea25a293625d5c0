package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a command says when something else answers on the socket than an appliance of its version. */
class HostileAnswersTest {

    private static final String HINT_VERSION = "hint: is that the socket of an appliance of this version?";
    private static final String HINT_SOCKET =
            "hint: is it running? may you use the socket? is it another one (--socket)?";

    @TempDir
    Path folder;

    private static String done(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    }

    static Arguments[] answers() {
        return new Arguments[] {
            Arguments.of("", ExitCode.NOT_RUNNING, "it closed the connection without an answer", HINT_SOCKET),
            Arguments.of("\0\033[31m garbage\r\n\r\n", ExitCode.NOT_RUNNING, "not an HTTP answer", HINT_SOCKET),
            Arguments.of(done("{\"a\": 1}").replace("8", "80"), ExitCode.NOT_RUNNING, "ended early", HINT_SOCKET),
            Arguments.of(done("hello"), ExitCode.FAILED, "cannot understand the answer: ", HINT_VERSION),
            Arguments.of(done("[]"), ExitCode.FAILED, "cannot understand the answer: ", HINT_VERSION),
            Arguments.of(done("null"), ExitCode.FAILED, "cannot understand the answer: empty", HINT_VERSION),
            Arguments.of(done("{}"), ExitCode.FAILED, "answer: something is missing (expected: all of a", HINT_VERSION),
            Arguments.of("HTTP/1.1 999 What\r\n\r\n", ExitCode.FAILED, "HTTP status 999 without a word", ""),
            Arguments.of("HTTP/1.1 500 Oops\r\n\r\n\033[31mred", ExitCode.FAILED, "fairlead: ?[31mred", ""),
        };
    }

    private static void answerOnce(ServerSocketChannel server, String answer) {
        try (SocketChannel asker = server.accept()) {
            asker.read(ByteBuffer.allocate(1024));
            ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                asker.write(bytes);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void isOneLineAndAHint(String answer, int exitCode, String line, String hint) throws Exception {
        Path socket = folder.resolve("s");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread answering = Thread.ofPlatform().start(() -> answerOnce(server, answer));

            int ended = FairleadCommand.commandLine()
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err))
                    .execute("status", "-s", socket.toString());

            answering.join();
            assertThat(ended).isEqualTo(exitCode);
        }
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines().findFirst().orElseThrow())
                .startsWith("fairlead: ")
                .contains(line)
                .doesNotContain("\033");
        assertThat(err.toString().lines().skip(1).toList())
                .isEqualTo(hint.isEmpty() ? List.of() : List.of("fairlead: " + hint));
    }
}
