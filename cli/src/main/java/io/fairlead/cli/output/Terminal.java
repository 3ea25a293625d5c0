package io.fairlead.cli.output;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The terminal that a command runs in, by way of {@code stty}: its size, and keys without waiting for a line. */
public final class Terminal {

    private static final Path TTY = Path.of("/dev/tty");
    private static final Size USUAL = new Size(24, 80);

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
        String[] words = stty("size").map(text -> text.strip().split(" ", -1)).orElse(new String[0]);
        if (words.length != 2 || !words[0].matches("[1-9]\\d{0,4}") || !words[1].matches("[1-9]\\d{0,4}")) {
            return USUAL;
        }
        return new Size(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    }

    /** Gives keys as they are pressed, unseen, and returns what {@link #restore} needs. */
    public static String keysAtOnce() {
        String before = stty("-g").map(String::strip).orElse("sane");
        stty("-icanon -echo min 0 time 0");
        return before;
    }

    /** Makes the terminal as it was. */
    public static void restore(String before) {
        stty(before);
    }

    private static Optional<String> stty(String words) {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", "stty " + words + " <" + TTY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
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
