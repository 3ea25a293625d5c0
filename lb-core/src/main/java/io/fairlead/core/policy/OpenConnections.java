package io.fairlead.core.policy;

/**
 * The connections of one real server as the kernel counts them. What is established counts as active, and so does every UDP
 * exchange until it times out; a handshake, or a connection that is closing, is inactive. Persistence templates are neither.
 */
public record OpenConnections(long active, long inactive) {

    public static final OpenConnections NONE = new OpenConnections(0, 0);
}
