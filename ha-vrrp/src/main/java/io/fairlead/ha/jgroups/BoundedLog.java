package io.fairlead.ha.jgroups;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.logging.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What JGroups has to say, in our log: errors and warnings as warnings, each sort once a minute at most, the rest for
 * those who debug. None of it decides anything, so none of it may fill a journal.
 */
final class BoundedLog implements Log {

    private static final long GAP_NANOS = 60_000_000_000L;
    private static final int SORT_COUNT_MAX = 256;

    private final Logger logger;
    private final Map<String, Long> lastNanos = new ConcurrentHashMap<>();

    BoundedLog(String name) {
        this.logger = LoggerFactory.getLogger(name);
    }

    private void warning(String sort, Object... arguments) {
        long now = System.nanoTime();
        Long last = lastNanos.get(sort);
        if (last != null && now - last < GAP_NANOS) {
            return;
        }
        if (lastNanos.size() >= SORT_COUNT_MAX) {
            lastNanos.clear();
        }
        lastNanos.put(sort, now);
        logger.warn("JGroups: {}", format(sort, arguments));
    }

    @SuppressWarnings("AnnotateFormatMethod") // the formats are JGroups' own, seen at run time alone
    private static String format(String format, Object... arguments) {
        try {
            return arguments.length == 0 ? format : String.format(format, arguments);
        } catch (IllegalArgumentException _) { // a format of theirs that does not fit
            return format;
        }
    }

    @Override
    public boolean isFatalEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isInfoEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return logger.isDebugEnabled();
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public void fatal(String message) {
        warning(message);
    }

    @Override
    public void fatal(String format, Object... arguments) {
        warning(format, arguments);
    }

    @Override
    public void fatal(String message, Throwable cause) {
        warning(message + ": " + cause);
    }

    @Override
    public void error(String message) {
        warning(message);
    }

    @Override
    public void error(String format, Object... arguments) {
        warning(format, arguments);
    }

    @Override
    public void error(String message, Throwable cause) {
        warning(message + ": " + cause);
    }

    @Override
    public void warn(String message) {
        warning(message);
    }

    @Override
    public void warn(String format, Object... arguments) {
        warning(format, arguments);
    }

    @Override
    public void warn(String message, Throwable cause) {
        warning(message + ": " + cause);
    }

    @Override
    public void info(String message) {}

    @Override
    public void info(String format, Object... arguments) {}

    @Override
    public void debug(String message) {
        logger.debug("JGroups: {}", message);
    }

    @Override
    public void debug(String format, Object... arguments) {
        if (logger.isDebugEnabled()) {
            logger.debug("JGroups: {}", format(format, arguments));
        }
    }

    @Override
    public void debug(String message, Throwable cause) {
        logger.debug("JGroups: {}", message, cause);
    }

    @Override
    public void trace(Object message) {}

    @Override
    public void trace(String message) {}

    @Override
    public void trace(String format, Object... arguments) {}

    @Override
    public void trace(String message, Throwable cause) {}

    /** The level is that of our own log. */
    @Override
    public void setLevel(String level) {}

    @Override
    public String getLevel() {
        return "warn";
    }
}
