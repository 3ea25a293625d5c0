package io.fairlead.conf;

import io.fairlead.health.check.ScriptProbeSpec;
import java.time.Duration;

/** Reads {@code notify}. */
final class NotifyReader {

    static final Keys KEYS = new Keys("fairlead.high-availability.virtual-routers.NAME.notify");

    static {
        KEYS.add("command");
        KEYS.add("shell-command");
        KEYS.add("user");
        KEYS.add("group");
    }

    private static final String TIMEOUT = KEYS.add("timeout");

    private static final Duration TIMEOUT_MIN = Duration.ofMillis(100);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(10);
    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);

    private NotifyReader() {}

    static NotifySpec read(Section section) {
        ScriptProbeSpec program = new ScriptProbeReader().read(section);
        return new NotifySpec(
                program.command(),
                program.user(),
                program.group(),
                section.duration(TIMEOUT, TIMEOUT_MIN, TIMEOUT_MAX).orElse(TIMEOUT_DEFAULT));
    }
}
