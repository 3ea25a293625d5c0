package io.fairlead.conf.keepalived;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Makes the tree of blocks. A brace stands for itself at the end of a line, on a line of its own, or between words. */
final class StatementParser {

    private static final int NESTING_MAX = 32;

    /** A block whose end has not been seen. */
    private static final class Open {
        private final SourceLine at;
        private final List<String> words;
        private final List<Statement> body = new ArrayList<>();

        private Open(SourceLine at, List<String> words) {
            this.at = at;
            this.words = words;
        }
    }

    private final Remarks remarks;
    private final List<Statement> roots = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();

    private StatementParser(Remarks remarks) {
        this.remarks = remarks;
    }

    static List<Statement> parse(List<SourceLine> lines, Remarks remarks) throws ImportException {
        StatementParser parser = new StatementParser(remarks);
        for (SourceLine line : lines) {
            parser.line(line);
        }
        while (!parser.open.isEmpty()) {
            Open unclosed = parser.open.getFirst();
            remarks.add(unclosed.at, unclosed.words.getFirst() + ": no closing brace");
            parser.close(unclosed.at);
        }
        return parser.roots;
    }

    private void line(SourceLine line) throws ImportException {
        List<String> words = new ArrayList<>();
        for (WordSplitter.Word word : WordSplitter.split(line.text())) {
            String text = word.text();
            if (word.isPlain() && text.endsWith("{")) {
                if (text.length() > 1) {
                    words.add(text.substring(0, text.length() - 1));
                }
                begin(line, words);
                words = new ArrayList<>();
            } else if (word.isPlain() && text.equals("}")) {
                simple(line, words);
                words = new ArrayList<>();
                close(line);
            } else {
                words.add(text);
            }
        }
        simple(line, words);
    }

    private List<Statement> current() {
        return open.isEmpty() ? roots : open.getFirst().body;
    }

    private void simple(SourceLine line, List<String> words) {
        if (!words.isEmpty()) {
            current().add(new Statement(line, words, List.of()));
        }
    }

    private void begin(SourceLine line, List<String> words) throws ImportException {
        if (open.size() == NESTING_MAX) {
            throw new ImportException(line.file() + ":" + line.number() + ": blocks nested deeper than " + NESTING_MAX);
        }
        if (!words.isEmpty()) {
            open.push(new Open(line, words));
        } else if (!current().isEmpty()
                && current().getLast().body().isEmpty()) { // its keyword stood on the line before
            Statement head = current().removeLast();
            open.push(new Open(head.at(), head.words()));
        } else {
            remarks.add(line, "a block without a keyword");
            open.push(new Open(line, List.of("{")));
        }
    }

    private void close(SourceLine line) {
        if (open.isEmpty()) {
            remarks.add(line, "a closing brace without an opening one");
            return;
        }
        Open closed = open.pop();
        current().add(new Statement(closed.at, closed.words, closed.body));
    }
}
