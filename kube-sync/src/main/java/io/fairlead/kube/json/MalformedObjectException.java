package io.fairlead.kube.json;

/** What should be an object of a cluster is not one: broken JSON or YAML, or a field of another type. */
public final class MalformedObjectException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public MalformedObjectException(String message) {
        super(message);
    }

    public MalformedObjectException(String message, Throwable cause) {
        super(message, cause);
    }
}
