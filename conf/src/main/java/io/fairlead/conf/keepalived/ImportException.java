package io.fairlead.conf.keepalived;

/** A file that cannot be imported at all: it cannot be read, or is larger than any that is meant. Names the file and line. */
public final class ImportException extends Exception {

    private static final long serialVersionUID = 1;

    ImportException(String message) {
        super(message);
    }
}
