package io.fairlead.appliance.log;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Fairlead's end of SLF4J. No library does what is wanted here, values of a message as fields of the journal, without bringing
 * another way of foreign calls; and all of it is this package.
 *
 * <p>Under systemd, which sets {@code JOURNAL_STREAM}, records go to the journal. {@code FAIRLEAD_LOG_LEVEL} in the environment
 * may be error, warn, info (the default), debug or trace.
 */
public final class LogProvider implements SLF4JServiceProvider {

    private static final Path JOURNAL = Path.of("/run/systemd/journal/socket");

    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();
    private final Level threshold = threshold(System.getenv());

    /** Opened by the first record: what it uses asks for loggers itself, which it cannot while SLF4J is looking for us. */
    private static final class Opened {
        private static final LogSink SINK = open(System.getenv());

        private static LogSink open(Map<String, String> environment) {
            LogSink standardError = new StandardErrorSink(System.err);
            return environment.containsKey("JOURNAL_STREAM") && Files.exists(JOURNAL) && Epoll.isAvailable()
                    ? new JournalSink(Socket.newSocketDomainDgram(), JOURNAL.toString(), standardError)
                    : standardError;
        }
    }

    static Level threshold(Map<String, String> environment) {
        String name = environment.getOrDefault("FAIRLEAD_LOG_LEVEL", "info").toUpperCase(Locale.ROOT);
        for (Level level : Level.values()) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        return Level.INFO;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(
                name, key -> new FairleadLogger(key, entry -> Opened.SINK.write(entry), threshold));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}
}
