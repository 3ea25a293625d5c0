package io.fairlead.health.check;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of {@link Pattern} whose search costs a bounded number of steps whatever text it meets: a pattern such
 * as {@code (a+)+$} takes exponential time on an unlucky text, and the text comes from whoever answers. A step is one look at
 * one character, which every kind of backtracking has to take. Two are equal if their text is.
 */
public final class BoundedPattern {

    /** Some tens of milliseconds. */
    static final int STEPS_MAX = 1 << 21;

    private static final int LENGTH_MAX = 4096;

    /** What a search came to. */
    public enum Outcome {
        FOUND,
        NOT_FOUND,
        /** Given up: neither is known. */
        TOO_COSTLY
    }

    private final Pattern pattern;

    private BoundedPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if {@code regex} is none, or has more than 4096 characters */
    public static BoundedPattern of(String regex) {
        if (regex.isEmpty() || regex.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "regular expression of " + regex.length() + " characters (expected: 1.." + LENGTH_MAX + ")");
        }
        try {
            return new BoundedPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription() + " at character " + (e.getIndex() + 1), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("too deeply nested", e);
        }
    }

    /** Looks for the pattern anywhere in {@code text}. */
    public Outcome searchIn(String text) {
        try {
            return pattern.matcher(new CountedText(text, new Steps())).find() ? Outcome.FOUND : Outcome.NOT_FOUND;
        } catch (TooCostlyException | StackOverflowError _) {
            // The matcher recurses for each round of a group; it holds nothing that unwinding could break.
            return Outcome.TOO_COSTLY;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BoundedPattern that && pattern.pattern().equals(that.pattern.pattern());
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }

    /** Shared by a text and its parts. */
    private static final class Steps {
        private int left = STEPS_MAX;

        void take() {
            if (--left < 0) {
                throw new TooCostlyException();
            }
        }
    }

    private record CountedText(CharSequence text, Steps steps) implements CharSequence {

        @Override
        public char charAt(int index) {
            steps.take();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedText(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class TooCostlyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooCostlyException() {
            super("more than " + STEPS_MAX + " steps", null, false, false);
        }
    }
}
