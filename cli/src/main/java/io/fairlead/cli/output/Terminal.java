package io.fairlead.cli.output;

import java.io.Console;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The terminal that a command runs in, by way of {@code stty}: its size, and keys without waiting for a line. */
public final class Terminal {

    private static final Path TTY = Path.of("/dev/tty");
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    /** Where a terminal does not say. */
    public static final Size USUAL = new Size(24, 80);

    private Terminal() {}

    /** How large it is. */
    public record Size(int rows, int columns) {}

    /** Returns whether input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // null without a terminal, as JDK 25 has it again
    public static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal() && Files.isWritable(TTY);
    }

    /** Returns how large it is now. */
    public static Size size() {
        return size(Redirect.from(TTY.toFile()));
    }

    /**
     * Returns how large the terminal is that standard output is; empty if it is none. What it is, is read from its name: that
     * takes no process. Its size is asked of it as the input, where that is one too, because another user's terminal, as after
     * {@code su}, may be used but not opened.
     */
    static Optional<Size> ofStandardOutput() {
        return isTerminal(STANDARD_OUTPUT)
                ? Optional.of(
                        size(isTerminal(STANDARD_INPUT) ? Redirect.INHERIT : Redirect.from(STANDARD_OUTPUT.toFile())))
                : Optional.empty();
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String name = Files.readSymbolicLink(descriptor).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    private static Size size(Redirect terminal) {
        return stty(terminal, "size").flatMap(Terminal::parseSize).orElse(USUAL);
    }

    /** Reads what {@code stty size} says; a serial line says 0 of both. */
    static Optional<Size> parseSize(String text) {
        String[] words = text.strip().split(" ", -1);
        return words.length == 2 && words[0].matches("[1-9]\\d{0,4}") && words[1].matches("[1-9]\\d{0,4}")
                ? Optional.of(new Size(Integer.parseInt(words[0]), Integer.parseInt(words[1])))
                : Optional.empty();
    }

    /** Gives keys as they are pressed, unseen, and returns what {@link #restore} needs. */
    public static String keysAtOnce() {
        Redirect terminal = Redirect.from(TTY.toFile());
        String before = stty(terminal, "-g").map(String::strip).orElse("sane");
        stty(terminal, "-icanon", "-echo", "min", "0", "time", "0");
        return before;
    }

    /** Makes the terminal as it was. */
    public static void restore(String before) {
        stty(Redirect.from(TTY.toFile()), before);
    }

    private static Optional<String> stty(Redirect terminal, String... words) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(terminal)
                    .redirectError(Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
