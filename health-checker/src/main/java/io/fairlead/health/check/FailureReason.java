package io.fairlead.health.check;

/** The kind of a failed check, for counting and for rules; the sentence an operator reads is in {@link CheckResult}. */
public enum FailureReason {
    /** The real server's host answered that nothing listens on the port. */
    REFUSED,
    /** No way to the host or its network. */
    UNREACHABLE,
    /** No verdict within the time-out. */
    TIMED_OUT,
    /** The connection was reset after it had been established. */
    RESET,
    /** The connection was closed before the answer was complete. */
    CLOSED,
    /** The answer was not in the protocol asked for, or larger than any sane answer. */
    MALFORMED,
    /** A well-formed answer with a status that was not expected. */
    UNEXPECTED_STATUS,
    /** A well-formed answer with the expected status whose content was not expected. */
    UNEXPECTED_ANSWER,
    /** No TLS could be agreed on. */
    TLS,
    /** The certificate is not valid now, not from a trusted authority, or not for the name expected. */
    CERTIFICATE,
    /** Any other refusal of the network. */
    NETWORK,
    /**
     * This host could not ask: no descriptor, no memory, no free port, a bug. It says nothing about the real server, so it
     * never changes its health.
     */
    OWN_FAULT
}
