package io.fairlead.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.FairleadCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What documents and help tell to type is what the command line understands, and every command is told of. */
class DocumentedCommandsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** In a line of a shell: up to a pipe, a redirection, the next command or a remark. */
    private static final Pattern COMMAND = Pattern.compile("(?<![\\w/.:-])fairlead ([a-z-][^|;&<>#)`]*)");

    private static final Pattern INLINE_CODE = Pattern.compile("`(fairlead [^`]+)`");

    /** A command with the place it stands at. */
    record Documented(String place, String arguments) {
        @Override
        public String toString() {
            return place + ": fairlead " + arguments;
        }
    }

    static List<Documented> documentedCommands() throws IOException {
        List<Documented> found = new ArrayList<>();
        for (Path document : DocumentsTest.documents()) {
            addOf(document, found);
        }
        leaves(FairleadCommand.commandLine())
                .forEach(command -> add(
                        command.getCommandSpec().qualifiedName() + " --help",
                        String.join(
                                "\n", command.getCommandSpec().usageMessage().footer()),
                        found));
        return found;
    }

    private static void addOf(Path document, List<Documented> found) throws IOException {
        boolean isCode = false;
        List<String> lines = Files.readAllLines(ROOT.resolve(document));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String place = document + ":" + (i + 1);
            if (line.startsWith("```")) {
                isCode = !isCode;
            } else if (isCode) {
                add(place, line, found);
            } else {
                INLINE_CODE.matcher(line).results().forEach(code -> add(place, code.group(1), found));
            }
        }
    }

    private static void add(String place, String text, List<Documented> found) {
        for (String line : text.lines().toList()) {
            if (!line.stripLeading().startsWith("#")) {
                Matcher matcher = COMMAND.matcher(line);
                while (matcher.find()) {
                    found.add(new Documented(place, matcher.group(1).strip()));
                }
            }
        }
    }

    /** The commands that do something themselves, those that nobody is told of left out. */
    private static Stream<CommandLine> leaves(CommandLine command) {
        if (command.getCommandSpec().usageMessage().hidden()) {
            return Stream.empty();
        }
        return command.getSubcommands().isEmpty()
                ? Stream.of(command)
                : command.getSubcommands().values().stream().distinct().flatMap(DocumentedCommandsTest::leaves);
    }

    @ParameterizedTest
    @MethodSource("documentedCommands")
    void isUnderstood(Documented command) {
        List<String> words = Arrays.stream(command.arguments().split("\\s+", -1))
                .map(word -> word.replaceAll("[\"']", ""))
                .toList();

        try {
            FairleadCommand.commandLine().parseArgs(words.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new AssertionError(command + ": " + e.getMessage(), e);
        }
    }

    static Stream<CommandLine> commands() {
        return leaves(FairleadCommand.commandLine());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasAnExampleInItsHelp(CommandLine command) {
        assertThat(String.join("\n", command.getCommandSpec().usageMessage().footer()))
                .as("an example")
                .contains(command.getCommandSpec().qualifiedName());
    }

    @Test
    void everyCommandIsInTheReference() throws IOException {
        String reference = Files.readString(ROOT.resolve("docs/reference/commands.md"));

        assertThat(commands()
                        .map(command -> command.getCommandSpec().qualifiedName().substring("fairlead ".length())))
                .allSatisfy(name -> assertThat(reference).contains("`" + name));
    }
}
