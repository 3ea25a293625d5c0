package io.fairlead.ha.wire;

/** What became of the bytes of a datagram. */
public sealed interface HelloDecoding {

    record Decoded(Hello hello) implements HelloDecoding {}

    /**
     * Authentic bytes that this release cannot read. The sender lives all the same.
     *
     * @param core what it says that every release understands
     */
    record Refused(Reason reason, HelloCore core) implements HelloDecoding {}

    /** Why. */
    enum Reason {
        TOO_SHORT,
        TOO_LONG,
        NOT_A_HELLO,
        VERSION,
        TRUNCATED,
        TOO_MANY,
        VALUE_OUT_OF_RANGE
    }
}
