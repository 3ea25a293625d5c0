package io.fairlead.appliance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.log.LogRecord.Field;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class LogRecordTest {

    private static LogRecord record(String pattern, Object... values) {
        return LogRecord.of(Level.INFO, "io.fairlead.appliance.Appliance", pattern, values, Optional.empty());
    }

    @Test
    void makesAFieldOfEachNamedValue() {
        LogRecord entry = record("Applied file={} first=\"{}\" operations={}", "/etc/x", "TCP 192.0.2.1:80", 3);

        assertThat(entry.text()).isEqualTo("Applied file=/etc/x first=\"TCP 192.0.2.1:80\" operations=3");
        assertThat(entry.fields())
                .containsExactly(
                        new Field("file", "/etc/x"),
                        new Field("first", "TCP 192.0.2.1:80"),
                        new Field("operations", "3"));
        assertThat(entry.logger()).isEqualTo("Appliance");
    }

    @Test
    void makesNoneOfValuesWithoutAName() {
        assertThat(record("{}; trying again in={} {}=", "a", "b", "c").fields())
                .isEqualTo(List.of(new Field("in", "b")));
        assertThat(record("={} {}", "a", "b").fields()).isEmpty();
    }

    @Test
    void survivesTooFewAndTooManyValues() {
        assertThat(record("a={} b={}", "x").fields()).containsExactly(new Field("a", "x"));
        assertThat(record("a={}", "x", "y").fields()).containsExactly(new Field("a", "x"));
        assertThat(record("nothing", "x").fields()).isEmpty();
    }
}
