package io.fairlead.appliance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

class JournalSinkTest {

    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibrary() {
        Epoll.ensureAvailability();
    }

    private static LogRecord entry(Level level, String pattern, Object... values) {
        return LogRecord.of(level, "io.fairlead.Some", pattern, values, Optional.empty());
    }

    @Test
    void sendsADatagramWithAFieldForEachValue() throws Exception {
        Path path = directory.resolve("journal");
        Socket journal = Socket.newSocketDomainDgram();
        Socket client = Socket.newSocketDomainDgram();
        try {
            journal.bind(new DomainSocketAddress(path.toString()));
            new JournalSink(client, path.toString(), _ -> {
                        throw new AssertionError("not sent");
                    })
                    .write(entry(Level.WARN, "Refused virtual-servers={}", 2));

            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            int length = journal.recvFromDomainSocket(buffer, 0, 4096).receivedAmount();
            byte[] bytes = new byte[length];
            buffer.get(0, bytes);
            assertThat(new String(bytes, StandardCharsets.UTF_8).lines())
                    .containsExactly(
                            "MESSAGE=Refused virtual-servers=2",
                            "PRIORITY=4",
                            "SYSLOG_IDENTIFIER=fairlead",
                            "FAIRLEAD_LOGGER=Some",
                            "FAIRLEAD_THREAD=" + Thread.currentThread().getName(),
                            "FAIRLEAD_VIRTUAL_SERVERS=2");
        } finally {
            journal.close();
            client.close();
        }
    }

    @Test
    void handsOverWhatTheJournalDoesNotTake() throws Exception {
        List<LogRecord> handedOver = new ArrayList<>();
        Socket client = Socket.newSocketDomainDgram();
        try {
            LogRecord entry = entry(Level.INFO, "text");
            new JournalSink(client, directory.resolve("nobody").toString(), handedOver::add).write(entry);

            assertThat(handedOver).containsExactly(entry);
        } finally {
            client.close();
        }
    }

    @Test
    void noValueCanForgeAField() {
        byte[] bytes = JournalSink.encode(entry(Level.ERROR, "name={}", "a\nPRIORITY=0"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);

        assertThat(text)
                .startsWith("MESSAGE\n\u0011\0\0\0\0\0\0\0name=a\nPRIORITY=0\nPRIORITY=3\n")
                .endsWith("FAIRLEAD_NAME\n\u000c\0\0\0\0\0\0\0a\nPRIORITY=0\n");
    }

    @Test
    void logsFromTheLevelThatTheEnvironmentNames() {
        assertThat(LogProvider.threshold(Map.of())).isEqualTo(Level.INFO);
        assertThat(LogProvider.threshold(Map.of("FAIRLEAD_LOG_LEVEL", "debug"))).isEqualTo(Level.DEBUG);
        assertThat(LogProvider.threshold(Map.of("FAIRLEAD_LOG_LEVEL", "loud"))).isEqualTo(Level.INFO);
    }
}
