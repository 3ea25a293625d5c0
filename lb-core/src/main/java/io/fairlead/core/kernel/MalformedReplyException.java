package io.fairlead.core.kernel;

/** The kernel's answer is not of the form we know: truncated, of a wrong length, or without something required. */
public final class MalformedReplyException extends KernelException {

    private static final long serialVersionUID = 1;

    /**
     * @param what the message or attribute, by its kernel name
     * @param offsetBytes where in the datagram
     * @param expectation what was found and what was expected
     */
    public MalformedReplyException(String what, int offsetBytes, String expectation) {
        super("malformed reply from the kernel: " + what + " at byte " + offsetBytes + ": " + expectation);
    }
}
