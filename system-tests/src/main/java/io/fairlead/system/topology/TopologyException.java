package io.fairlead.system.topology;

/** The network of a scenario could not be built or driven: a fault of the laboratory, not of what is tested. */
public class TopologyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TopologyException(String message) {
        super(message);
    }

    public TopologyException(String message, Throwable cause) {
        super(message, cause);
    }
}
