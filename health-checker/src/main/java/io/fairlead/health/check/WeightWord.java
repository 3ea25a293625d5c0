package io.fairlead.health.check;

import java.time.Duration;
import java.util.OptionalInt;

/** What exit codes of scripts and words in files mean. Pure. */
public final class WeightWord {

    private static final int WEIGHT_MAX = 65535;

    private WeightWord() {}

    /**
     * Returns what a script says that has ended by itself.
     *
     * @param output the first line that it wrote; empty for none
     */
    public static CheckResult ofExitCode(int code, String output, boolean setsWeight, Duration elapsed) {
        String said = "exit code " + code + (output.isEmpty() ? "" : ": " + output);
        if (code == 0) {
            return new CheckResult.Passed(elapsed, said);
        }
        if (setsWeight && code >= 2) {
            return new CheckResult.Passed(elapsed, said, OptionalInt.of(code - 2));
        }
        return new CheckResult.Failed(FailureReason.UNEXPECTED_STATUS, said, elapsed);
    }

    /** Returns what a file with {@code text} says. */
    public static CheckResult ofFile(String text, Duration elapsed) {
        String word = text.strip();
        switch (word) {
            case "up" -> {
                return new CheckResult.Passed(elapsed, "up");
            }
            case "down" -> {
                return new CheckResult.Failed(FailureReason.UNEXPECTED_STATUS, "down", elapsed);
            }
            default -> {}
        }
        int number;
        try {
            number = Integer.parseInt(word);
        } catch (NumberFormatException e) {
            return new CheckResult.Failed(
                    FailureReason.MALFORMED, "neither up, down nor a number of at most " + WEIGHT_MAX, elapsed);
        }
        if (number < 0) {
            return new CheckResult.Failed(FailureReason.UNEXPECTED_STATUS, word, elapsed);
        }
        return number > WEIGHT_MAX
                ? new CheckResult.Failed(
                        FailureReason.MALFORMED, word + " (expected at most " + WEIGHT_MAX + ")", elapsed)
                : new CheckResult.Passed(elapsed, "weight " + number, OptionalInt.of(number));
    }
}
