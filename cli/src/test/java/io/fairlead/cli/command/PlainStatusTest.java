package io.fairlead.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.FairleadCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That it shows the same of an appliance that answers is seen in the lab. */
class PlainStatusTest {

    @Test
    void isForNothingButTheBareCommand() {
        assertThat(PlainStatus.fits("status")).isTrue();
        assertThat(PlainStatus.fits()).isFalse();
        assertThat(PlainStatus.fits("status", "--help")).isFalse();
        assertThat(PlainStatus.fits("top")).isFalse();
    }

    @Test
    void failsAsTheCommandDoes(@TempDir Path folder) {
        Path socket = folder.resolve("admin.sock");
        StringWriter err = new StringWriter();
        StringWriter errOfCommand = new StringWriter();

        int exitCode = PlainStatus.print(socket, new PrintWriter(new StringWriter()), new PrintWriter(err, true));

        assertThat(exitCode)
                .isEqualTo(FairleadCommand.commandLine()
                        .setErr(new PrintWriter(errOfCommand, true))
                        .execute("status", "--socket", socket.toString()));
        assertThat(err.toString()).isNotEmpty().isEqualTo(errOfCommand.toString());
    }
}
