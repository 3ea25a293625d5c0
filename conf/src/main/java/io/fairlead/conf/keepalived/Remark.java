package io.fairlead.conf.keepalived;

/**
 * What the importer has to say of a line: a keyword that could not be carried over, or one that means something slightly
 * different here.
 *
 * @param line from 1; 0 for the file as a whole
 */
public record Remark(String file, int line, String text) {

    @Override
    public String toString() {
        return line == 0 ? file + ": " + text : file + ":" + line + ": " + text;
    }
}
