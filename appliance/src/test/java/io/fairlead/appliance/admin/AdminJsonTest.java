package io.fairlead.appliance.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParseException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminJsonTest {

    static Stream<Record> records() {
        return Stream.of(
                Reports.status("edge"),
                new ReloadReport(true, false, List.of("a warning"), 3, List.of("refused"), "2026-01-15T09:41:12Z"),
                ReloadReport.refused(List.of("/etc/fairlead/fairlead.conf:3: x")),
                new PlanReport(true, List.of(), List.of("-A -t 192.0.2.1:80 -s wlc")),
                new PlanRequest("/tmp/ä b.conf"),
                new PlanRequest(null),
                new ErrorReport("no"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsWrittenIsReadBack(Record written) {
        assertThat(AdminJson.read(written.getClass(), AdminJson.write(written))).isEqualTo(written);
    }

    @Test
    void aMissingValueStandsThereAsNull() {
        assertThat(AdminJson.write(Reports.status("edge")))
                .contains("\"lastChange\":null", "\"weight\":null", "\"schemaVersion\":1", "<&>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "3", "\"x\"", "{\"file\": []}"})
    void whatIsNoSuchRecordIsRefused(String json) {
        assertThatThrownBy(() -> AdminJson.read(PlanRequest.class, json)).isInstanceOf(JsonParseException.class);
    }
}
