package io.fairlead.core.kernel;

/** The running kernel lacks something that is needed; the message says what would mend it. */
public final class UnsupportedKernelException extends KernelException {

    private static final long serialVersionUID = 1;

    public UnsupportedKernelException(String message) {
        super(message);
    }
}
