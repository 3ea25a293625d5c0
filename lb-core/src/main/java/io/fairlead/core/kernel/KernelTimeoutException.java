package io.fairlead.core.kernel;

import java.time.Duration;

/** The kernel did not answer in time. */
public final class KernelTimeoutException extends KernelException {

    private static final long serialVersionUID = 1;

    public KernelTimeoutException(String operation, Duration waited) {
        super(operation + ": no answer from the kernel within " + waited.toMillis() + " ms");
    }
}
