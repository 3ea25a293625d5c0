package io.fairlead.ha.seal;

import java.util.Optional;

/** What a datagram is for. The order is the number on the wire. */
public enum SealKind {
    /** What the election says. */
    HELLO,
    /** A packet of JGroups. */
    GROUP,
    /** "Prove that you live now": a number that its sender has never used before. */
    CHALLENGE,
    /** The same number back. */
    PROOF,
    /** The sender leaves on purpose. */
    GOODBYE;

    private static final SealKind[] VALUES = values();

    static Optional<SealKind> ofNumber(int number) {
        return number < VALUES.length ? Optional.of(VALUES[number]) : Optional.empty();
    }

    @SuppressWarnings("EnumOrdinal") // the order is the number on the wire
    int number() {
        return ordinal();
    }
}
