package io.fairlead.core.kernel;

/** The kernel refused an operation with an error number. */
public final class ErrnoException extends KernelException {

    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * @param operation what was being done, in an operator's words
     * @param errno the positive error number
     * @param kernelText what the kernel said beyond the number (extended acknowledgement); empty if nothing
     */
    public ErrnoException(String operation, int errno, String kernelText) {
        super(operation + ": " + Errno.text(errno) + (kernelText.isEmpty() ? "" : ": " + kernelText));
        this.errno = errno;
    }

    /** Returns the positive error number, one of {@link Errno}'s or any other. */
    public int errno() {
        return errno;
    }
}
