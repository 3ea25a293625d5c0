package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fairlead.cli.FairleadCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real shells with the scripts that we print: bash and zsh on a terminal, where somebody types and presses the tab key, and
 * fish, which has a command for it. The names come from a program that answers {@code fairlead names} as ours does with a
 * running appliance, and prints what else it is called with.
 */
class ShellsTest {

    private static final String FAIRLEAD = """
        #!/bin/sh
        case "$*" in
          'names vs') printf '%s\\n' web mail shop/web:http ;;
          'names rs') printf '%s\\n' web/web-1 web/web-2 mail/mail-1 shop/web:http/10.0.0.1:80 ;;
          'names router') printf '%s\\n' outside inside ;;
          *) echo "called with [$*]" ;;
        esac
        """;

    /** What is typed before the tab key, and what the command is called with then. */
    private static final Map<String, String> LINES = new LinkedHashMap<>();

    static {
        LINES.put("stat", "status");
        LINES.put("rs dr", "rs drain");
        LINES.put("status --so", "status --socket");
        LINES.put("rs drain web/web-1 --ti", "rs drain web/web-1 --timeout");
        LINES.put("completion fi", "completion fish");
        LINES.put("status -o js", "status -o json");
        LINES.put("vs show w", "vs show web");
        LINES.put("vs show shop/web:h", "vs show shop/web:http");
        LINES.put("explain --client 192.0.2.1 --vs m", "explain --client 192.0.2.1 --vs mail");
        LINES.put("rs drain mail/", "rs drain mail/mail-1");
        LINES.put("rs list m", "rs list mail");
        LINES.put("is-master o", "is-master outside");
        LINES.put("config check sec", "config check second.conf");
    }

    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    @BeforeEach
    void putTheCommandInPlace() throws IOException {
        Path command = Files.writeString(folder.resolve("fairlead"), FAIRLEAD);
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(folder.resolve("second.conf"));
        Files.writeString(folder.resolve("script"), CompletionScript.bash(FairleadCommand.commandLine()));
        Files.writeString(folder.resolve("script.fish"), FishCompletion.of(FairleadCommand.commandLine()));
    }

    private static void needs(String shell) {
        assumeThat(Path.of("/usr/bin", shell))
                .as(shell + " is not installed: build/install-tools --servers brings it")
                .isExecutable();
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", folder + ":/usr/bin:/bin");
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("ZDOTDIR", folder.toString());
        builder.environment().put("TERM", "dumb");
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder.start();
    }

    /** Types every line with a tab key at its end, on a terminal that {@code script} of util-linux makes. */
    private void completesOnATerminal(String shell) throws Exception {
        needs("script");
        Process terminal = start("script", "-qec", shell, "/dev/null");
        try (Writer keys = terminal.outputWriter();
                BufferedReader screen = terminal.inputReader()) {
            for (Map.Entry<String, String> line : LINES.entrySet()) {
                await(screen, "ready>");
                keys.write("fairlead " + line.getKey() + "\t\n");
                keys.flush();
                assertThat(await(screen, "]")).as(line.getKey()).endsWith("called with [" + line.getValue() + "]");
            }
        } finally {
            terminal.destroyForcibly();
            assertThat(terminal.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String await(BufferedReader screen, String end) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(end, Math.max(0, seen.length() - end.length())) < 0) {
            int next = screen.read();
            assertThat(next).as("ended; seen: " + seen).isNotNegative();
            seen.append((char) next);
        }
        return seen.toString();
    }

    @Test
    void completeInBash() throws Exception {
        Path settings = Files.writeString(folder.resolve("bashrc"), "PS1='ready> '\nsource " + folder + "/script\n");

        completesOnATerminal("bash --noprofile --rcfile " + settings + " -i");
    }

    @Test
    void completeInZsh() throws Exception {
        needs("zsh");
        Files.writeString(
                folder.resolve(".zshrc"),
                "PS1='ready> '; unsetopt PROMPT_CR PROMPT_SP\nautoload -Uz compinit; compinit -u -D\nsource " + folder
                        + "/script\n");

        completesOnATerminal("zsh -d -i");
    }

    private List<String> fish(String line) throws IOException, InterruptedException {
        Process fish = start(
                "fish", "--no-config", "-c", "source " + folder + "/script.fish; complete -C 'fairlead " + line + "'");
        fish.getOutputStream().close();
        String said = new String(fish.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(fish.waitFor()).as(said).isZero();
        return said.lines().map(offer -> offer.replaceAll("\t.*", "")).toList();
    }

    @Test
    void completeInFish() throws Exception {
        needs("fish");

        for (Map.Entry<String, String> line : LINES.entrySet()) {
            String last = line.getValue().substring(line.getValue().lastIndexOf(' ') + 1);
            assertThat(fish(line.getKey())).as(line.getKey()).containsExactly(last);
        }
        assertThat(fish("vs ")).containsExactlyInAnyOrder("list", "show");
        assertThat(fish("rs set-weight web/web-1 ")).isEmpty();
        assertThat(fish("vs show --output ")).containsExactlyInAnyOrder("table", "wide", "json");
        assertThat(fish("vs show -o json ")).containsExactlyInAnyOrder("web", "mail", "shop/web:http");
        assertThat(fish("")).contains("status", "rs").doesNotContain("names");
    }
}
