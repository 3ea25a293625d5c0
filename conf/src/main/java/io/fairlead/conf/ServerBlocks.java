package io.fairlead.conf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where each virtual server stands in the text of a file, for files of the plain shape that nearly all have: one {@code
 * fairlead { ... virtual-servers { NAME { ... } NAME { ... } } }}, without substitutions or inclusions. In such a file one
 * member can be read without the others. Of any other file this knows nothing, and says so; it never guesses.
 *
 * @param from where the members begin: behind the opening brace of {@code virtual-servers}
 * @param to where they end: at its closing brace
 * @param blocks the members in the order of the file
 */
record ServerBlocks(int from, int to, List<Block> blocks) {

    ServerBlocks {
        blocks = List.copyOf(blocks);
    }

    /** A member: {@code NAME { ... }} from its name's first byte to behind its closing brace. */
    record Block(String name, int start, int end) {
        Block shifted(int bytes) {
            return new Block(name, start + bytes, end + bytes);
        }
    }

    /** Finds the members of a valid file; empty if it is of another shape. */
    static Optional<ServerBlocks> find(byte[] text) {
        try {
            return Optional.ofNullable(new Scanner(text, 0, text.length).file());
        } catch (OtherShapeException e) {
            return Optional.empty();
        }
    }

    /**
     * Finds the members in a part of a file that begins with a member's name and ends with a member's closing brace, or that
     * reaches to the end of the members; empty if it is of another shape.
     */
    static Optional<List<Block>> members(byte[] text, int from, int to, boolean mayEndBetween) {
        try {
            Scanner scanner = new Scanner(text, from, to);
            List<Block> found = scanner.members();
            boolean endsWithMember = !found.isEmpty() && found.getLast().end() == to;
            return scanner.at == to && (mayEndBetween || endsWithMember) ? Optional.of(found) : Optional.empty();
        } catch (OtherShapeException e) {
            return Optional.empty();
        }
    }

    /** The text is of a shape that this class does not know. Not an error: the library reads such files. */
    private static final class OtherShapeException extends Exception {
        private static final long serialVersionUID = 1;

        OtherShapeException() {
            super("other shape", null, false, false);
        }
    }

    private static final class Scanner {

        private static final int NESTING_MAX = 32;

        private final byte[] text;
        private final int end;
        private int at;

        Scanner(byte[] text, int start, int end) {
            this.text = text;
            this.at = start;
            this.end = end;
        }

        @Nullable
        ServerBlocks file() throws OtherShapeException {
            ServerBlocks found = null;
            while (separator()) {
                String key = key();
                boolean isObject = assignment();
                if (key.equals("fairlead") && isObject && found == null) {
                    found = fairlead();
                } else if (key.equals("fairlead") || key.startsWith("fairlead.virtual-servers")) {
                    throw new OtherShapeException();
                } else {
                    skipValue(isObject);
                }
                endOfMember();
            }
            if (at != end) {
                throw new OtherShapeException();
            }
            return found;
        }

        private @Nullable ServerBlocks fairlead() throws OtherShapeException {
            ServerBlocks found = null;
            at++;
            while (separator()) {
                String key = key();
                boolean isObject = assignment();
                if (key.equals("virtual-servers") && isObject && found == null) {
                    int from = ++at;
                    List<Block> blocks = members();
                    found = new ServerBlocks(from, at, blocks);
                    closingBrace();
                } else if (key.startsWith("virtual-servers")) {
                    throw new OtherShapeException();
                } else {
                    skipValue(isObject);
                }
                endOfMember();
            }
            closingBrace();
            return found;
        }

        List<Block> members() throws OtherShapeException {
            List<Block> found = new ArrayList<>();
            while (separator()) {
                int start = at;
                String name = key();
                if (name.indexOf('.') >= 0 || !assignment()) {
                    throw new OtherShapeException();
                }
                skipNested();
                found.add(new Block(name, start, at));
                endOfMember();
            }
            return found;
        }

        /** Skips blanks, comments and at most one comma; false at a closing brace or the end. */
        private boolean separator() throws OtherShapeException {
            boolean comma = false;
            while (at < end) {
                byte c = text[at];
                if (c == ',' && !comma) {
                    comma = true;
                    at++;
                } else if (isBlank(c) || c == '\n') {
                    at++;
                } else if (isComment()) {
                    skipComment();
                } else {
                    return c != '}';
                }
            }
            return false;
        }

        private String key() throws OtherShapeException {
            int start = at;
            while (at < end && isKey(text[at])) {
                at++;
            }
            String key = new String(text, start, at - start, StandardCharsets.US_ASCII);
            if (key.isEmpty() || key.equals("include")) {
                throw new OtherShapeException();
            }
            return key;
        }

        /** Skips what stands between a key and its value; true if the value is an object. */
        private boolean assignment() throws OtherShapeException {
            skipBlanks();
            boolean assigned = at < end && (text[at] == '=' || text[at] == ':');
            if (assigned) {
                at++;
                skipBlanks();
            }
            boolean isObject = at < end && text[at] == '{';
            if (!assigned && !isObject) {
                throw new OtherShapeException();
            }
            return isObject;
        }

        private void skipValue(boolean isObject) throws OtherShapeException {
            if (isObject) {
                skipNested();
                return;
            }
            while (at < end && text[at] != '\n' && text[at] != ',' && text[at] != '}' && !isComment()) {
                if (text[at] == '{' || text[at] == '[') {
                    skipNested();
                } else {
                    skipOne();
                }
            }
        }

        /** Skips an object or a list with everything in it. */
        private void skipNested() throws OtherShapeException {
            byte[] closers = new byte[NESTING_MAX];
            int depth = 0;
            do {
                if (at >= end) {
                    throw new OtherShapeException();
                }
                byte c = text[at];
                if (c == '{' || c == '[') {
                    if (depth == NESTING_MAX) {
                        throw new OtherShapeException();
                    }
                    closers[depth++] = (byte) (c == '{' ? '}' : ']');
                    at++;
                } else if (c == '}' || c == ']') {
                    if (closers[--depth] != c) {
                        throw new OtherShapeException();
                    }
                    at++;
                } else if (isComment()) {
                    skipComment();
                } else {
                    skipOne();
                }
            } while (depth > 0);
        }

        /** Skips a quoted string, or one byte of anything that means nothing here. */
        private void skipOne() throws OtherShapeException {
            byte c = text[at];
            if (c == '"') {
                skipQuoted();
            } else if (c == '$' || startsInclude()) {
                throw new OtherShapeException();
            } else {
                at++;
            }
        }

        private void skipQuoted() throws OtherShapeException {
            if (at + 2 < end && text[at + 1] == '"' && text[at + 2] == '"') {
                throw new OtherShapeException(); // triple quotes
            }
            at++;
            while (at < end && text[at] != '"') {
                if (text[at] == '\n') {
                    throw new OtherShapeException();
                }
                at += text[at] == '\\' ? 2 : 1;
            }
            if (at >= end) {
                throw new OtherShapeException();
            }
            at++;
        }

        private boolean startsInclude() {
            String word = "include";
            if (text[at] != 'i' || (at > 0 && isKey(text[at - 1])) || at + word.length() >= end) {
                return false;
            }
            for (int i = 1; i < word.length(); i++) {
                if (text[at + i] != word.charAt(i)) {
                    return false;
                }
            }
            return !isKey(text[at + word.length()]);
        }

        /** What follows a member on its line may only be another separator: anything else would become part of its value. */
        private void endOfMember() throws OtherShapeException {
            skipBlanks();
            if (at < end && text[at] != '\n' && text[at] != ',' && text[at] != '}' && !isComment()) {
                throw new OtherShapeException();
            }
        }

        private void closingBrace() throws OtherShapeException {
            if (at >= end || text[at] != '}') {
                throw new OtherShapeException();
            }
            at++;
        }

        private boolean isComment() {
            return text[at] == '#' || (text[at] == '/' && at + 1 < end && text[at + 1] == '/');
        }

        /** A comment that is not ended by a line end would swallow what follows the part that we look at. */
        private void skipComment() throws OtherShapeException {
            while (at < end && text[at] != '\n') {
                at++;
            }
            if (at >= end) {
                throw new OtherShapeException();
            }
        }

        private void skipBlanks() {
            while (at < end && isBlank(text[at])) {
                at++;
            }
        }

        private static boolean isBlank(byte c) {
            return c == ' ' || c == '\t' || c == '\r';
        }

        private static boolean isKey(byte c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
        }
    }
}
