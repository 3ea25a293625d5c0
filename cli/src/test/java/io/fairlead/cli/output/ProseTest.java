package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProseTest {

    private static final Display NARROW = Display.WHOLE.ofWidth(20);

    @Test
    void goesOnBelowFurtherIn() {
        assertThat(Prose.fold("health checks: 3 targets, passed 900", 4, NARROW))
                .isEqualToNormalizingNewlines("health checks: 3\n    targets, passed\n    900");
    }

    @Test
    void leavesAloneWhatFits() {
        assertThat(Prose.fold("  twenty characters", 4, NARROW)).isEqualTo("  twenty characters");
        assertThat(Prose.fold("health checks: 3 targets, passed 900", 4, Display.WHOLE))
                .isEqualTo("health checks: 3 targets, passed 900");
    }

    @Test
    void breaksNoWord() {
        assertThat(Prose.fold("  failing: /var/lib/fairlead/state.json: denied", 4, NARROW))
                .isEqualToNormalizingNewlines("  failing:\n    /var/lib/fairlead/state.json:\n    denied");
    }

    @Test
    void showsNothingThatCommandsATerminal() {
        assertThat(Prose.fold("web/web-1: unhealthy (\033[2Jbye)", 4, Display.WHOLE))
                .isEqualTo("web/web-1: unhealthy (?[2Jbye)");
    }

    @Test
    void foldsACommandSoThatAShellTakesItAsOne() {
        assertThat(Prose.foldCommand("ipvsadm -a -t 192.0.2.10:80 -r 198.51.100.11:80 -m", Display.WHOLE.ofWidth(32)))
                .isEqualToNormalizingNewlines("ipvsadm -a -t 192.0.2.10:80 -r \\\n    198.51.100.11:80 -m");
    }

    @Test
    void foldsNoComment() {
        String command = "nft add element inet fairlead guarded4 { tcp }  # from 192.0.2.0/24, 198.51.100.0/24";

        assertThat(Prose.foldCommand(command, Display.WHOLE.ofWidth(40)))
                .isEqualToNormalizingNewlines(
                        "nft add element inet fairlead guarded4 \\\n    { tcp }  # from 192.0.2.0/24, 198.51.100.0/24");
    }
}
