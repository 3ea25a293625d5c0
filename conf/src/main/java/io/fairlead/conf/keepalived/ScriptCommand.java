package io.fairlead.conf.keepalived;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A script with its arguments.
 *
 * @param words the program first
 */
record ScriptCommand(List<String> words) {

    ScriptCommand {
        words = List.copyOf(words);
    }

    /** Reads one quoted word, whose own words are the arguments with single quotes around those that hold blanks. */
    static ScriptCommand quoted(String text) {
        return new ScriptCommand(
                WordSplitter.split(text).stream().map(WordSplitter.Word::text).toList());
    }

    /** Reads all arguments of a keyword, quoted together or not. */
    static ScriptCommand of(Statement statement) {
        return statement.arguments().size() == 1
                ? quoted(statement.arguments().getFirst())
                : new ScriptCommand(statement.arguments());
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** Writes the key for it: keepalived looks along PATH for a program without a path, and so does a shell. */
    void put(Map<String, Object> block) {
        if (words.getFirst().startsWith("/")) {
            block.put("command", words);
        } else {
            block.put("shell-command", line());
        }
    }

    /** Returns a line of a shell that runs it. */
    String line() {
        return words.stream().map(ScriptCommand::quote).collect(Collectors.joining(" "));
    }

    static String quote(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
