package io.fairlead.appliance.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/** A logger of one class. */
final class FairleadLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    private final transient LogSink sink;
    private final transient Level threshold;

    FairleadLogger(String name, LogSink sink, Level threshold) {
        this.name = name;
        this.sink = sink;
        this.threshold = threshold;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] values,
            @Nullable Throwable cause) {
        sink.write(LogRecord.of(
                level,
                name,
                String.valueOf(pattern),
                values == null ? new Object[0] : values,
                Optional.ofNullable(cause)));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= threshold.toInt();
    }
}
