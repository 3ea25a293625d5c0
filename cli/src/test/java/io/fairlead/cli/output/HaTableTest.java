package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.Link;
import io.fairlead.appliance.admin.HaReport.LinkLine;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import io.fairlead.appliance.admin.StatusReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HaTableTest {

    private static String rendered(@Nullable String refusal, double heardMillis) {
        return HaTable.render(
                new HaReport(
                        StatusReport.SCHEMA_VERSION,
                        null,
                        true,
                        "edge",
                        "192.0.2.1",
                        false,
                        0.3,
                        0,
                        List.of(),
                        List.of(new RouterLine(
                                "outside",
                                51,
                                List.of("outside"),
                                "master",
                                "2026-01-02T03:04:05Z",
                                "master silent",
                                100,
                                3,
                                1,
                                List.of("192.0.2.10/32"),
                                List.of(),
                                List.of(new PeerLine("192.0.2.2", false, "silent", 50, heardMillis, 1)),
                                1,
                                null)),
                        0,
                        0,
                        new Link(
                                true,
                                List.of(new LinkLine("192.0.2.2", true, 10, 10, 0, refusal)),
                                new TreeMap<>(Map.of("key", 87L))),
                        null,
                        true),
                Display.WHOLE);
    }

    @Test
    void saysWhyAPeerThatSendsIsNotHeard() {
        assertThat(rendered("sealed with a key that is not in the key file here", 250))
                .contains(
                        "refused: what comes from 192.0.2.2: sealed with a key that is not in the key file here",
                        "250.0 ms ago");
    }

    @Test
    void saysWhyThereIsNoElection() {
        assertThat(HaTable.render(
                        HaReport.failing("high-availability: /etc/fairlead/cluster.key: no such file"), Display.WHOLE))
                .isEqualTo("failing: high-availability: /etc/fairlead/cluster.key: no such file\n");
    }

    @Test
    void countsALongSilenceInSeconds() {
        assertThat(rendered(null, 76_154.1)).contains("76 s ago").doesNotContain("76154", "refused");
    }
}
