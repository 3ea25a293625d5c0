package io.fairlead.conf.keepalived;

import java.util.List;
import java.util.Optional;

/**
 * A keyword with its arguments, and with a block if it has one.
 *
 * @param words the keyword first; not empty
 * @param body the statements of its block; empty without one
 */
record Statement(SourceLine at, List<String> words, List<Statement> body) {

    Statement {
        words = List.copyOf(words);
        body = List.copyOf(body);
    }

    String keyword() {
        return words.getFirst();
    }

    /** Returns the words behind the keyword. */
    List<String> arguments() {
        return words.subList(1, words.size());
    }

    Optional<String> argument(int index) {
        return index + 1 < words.size() ? Optional.of(words.get(index + 1)) : Optional.empty();
    }
}
