package io.fairlead.conf.keepalived;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words: at blanks that are not in quotes, with the escapes of a shell. */
final class WordSplitter {

    /** @param isPlain no part of it stood in quotes, so that a brace is a brace */
    record Word(String text, boolean isPlain) {}

    private final String line;
    private int at;

    private WordSplitter(String line) {
        this.line = line;
    }

    static List<Word> split(String line) {
        return new WordSplitter(line).words();
    }

    private List<Word> words() {
        List<Word> words = new ArrayList<>();
        while (true) {
            while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
            if (at == line.length()) {
                return words;
            }
            words.add(word());
        }
    }

    private Word word() {
        StringBuilder text = new StringBuilder();
        boolean isPlain = true;
        char quote = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (quote == 0 && Character.isWhitespace(c)) {
                break;
            }
            at++;
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                isPlain = false;
            } else if (c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && at < line.length()) {
                text.append(escaped());
                isPlain = false;
            } else {
                text.append(c);
            }
        }
        return new Word(text.toString(), isPlain);
    }

    private char escaped() {
        char c = line.charAt(at++);
        return switch (c) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'E' -> 27;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case 'x' -> number(16, Integer.MAX_VALUE);
            case 'c' -> at < line.length() ? (char) (line.charAt(at++) & 0x1f) : c;
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                yield number(8, 3);
            }
            default -> c;
        };
    }

    private char number(int radix, int digitsMax) {
        int value = 0;
        for (int i = 0; i < digitsMax && at < line.length() && Character.digit(line.charAt(at), radix) >= 0; i++) {
            value = value * radix + Character.digit(line.charAt(at++), radix);
        }
        return (char) (value & 0xff);
    }
}
