package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fairlead.cli.FairleadCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real bash makes of the script, with an appliance whose names are known. */
class CompletionScriptTest {

    private static final Path BASH = Path.of("/bin/bash");

    /** In place of the command; what is left of the line is cut into words as readline does. */
    private static final String COMPLETE = """
        fairlead() {
          case "$*" in
            'names vs') printf '%s\\n' web mail shop/web:http ;;
            'names rs') printf '%s\\n' web/web-1 web/web-2 mail/mail-1 shop/web:http/10.0.0.1:80 ;;
            'names router') printf '%s\\n' outside inside ;;
          esac
        }
        source "$1"
        COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$' \\t\\n"'"'"'><=;|&(:'
        words=${2//:/ : }
        COMP_WORDS=($words)
        [[ $2 == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _fairlead_with_names
        printf '%s\\n' "${COMPREPLY[@]}"
        """;

    @TempDir
    Path directory;

    @BeforeEach
    void needsBash() {
        assumeThat(BASH).isExecutable();
    }

    private List<String> completions(String line) throws IOException, InterruptedException {
        Path script = Files.writeString(
                directory.resolve("completion"), CompletionScript.bash(FairleadCommand.commandLine()));
        Process bash = new ProcessBuilder(BASH.toString(), "-c", COMPLETE, "bash", script.toString(), line)
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().close();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said.lines().filter(word -> !word.isBlank()).map(String::strip).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'fairlead vs show ', web mail shop/web:http",
        "fairlead vs show m, mail",
        "'fairlead rs list ', web mail shop/web:http",
        "fairlead explain --client 192.0.2.1 --vs w, web",
        "fairlead rs drain web/, web/web-1 web/web-2",
        "fairlead rs set-weight mail/, mail/mail-1",
        "fairlead rs show x, ''",
        "fairlead ha failover o, outside",
        "'fairlead is-master ', outside inside",
    })
    void completesNamesOfTheRunningAppliance(String line, String names) throws Exception {
        assertThat(completions(line)).isEqualTo(names.isEmpty() ? List.of() : List.of(names.split(" ", -1)));
    }

    @Test
    void givesBashOnlyWhatFollowsAColon() throws Exception {
        assertThat(completions("fairlead vs show shop/web:h")).containsExactly("http");
        assertThat(completions("fairlead rs drain shop/web:http/10.0.0.1:")).containsExactly("80");
    }

    @Test
    void completesCommandsAndOptions() throws Exception {
        assertThat(completions("fairlead st")).contains("status");
        assertThat(completions("fairlead status --so")).contains("--socket");
    }
}
