package io.fairlead.system.topology;

/** The running kernel lacks what a scenario asked for, say {@code sch_netem}: a reason to skip a test, not to fail it. */
public final class UnsupportedByKernelException extends TopologyException {
    private static final long serialVersionUID = 1L;

    public UnsupportedByKernelException(String message) {
        super(message);
    }
}
