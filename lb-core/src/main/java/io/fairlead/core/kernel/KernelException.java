package io.fairlead.core.kernel;

/** The kernel refused, did not answer, or answered what we cannot read. An operating failure: expected, and retried. */
public abstract sealed class KernelException extends RuntimeException
        permits ErrnoException, KernelTimeoutException, MalformedReplyException, UnsupportedKernelException {

    private static final long serialVersionUID = 1;

    KernelException(String message) {
        super(message);
    }
}
