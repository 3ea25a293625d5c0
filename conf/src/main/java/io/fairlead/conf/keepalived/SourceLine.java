package io.fairlead.conf.keepalived;

/**
 * A line of a file.
 *
 * @param number from 1
 */
record SourceLine(String file, int number, String text) {

    SourceLine with(String otherText) {
        return new SourceLine(file, number, otherText);
    }
}
