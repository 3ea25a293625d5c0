package io.fairlead.system.benchmark;

import io.fairlead.system.topology.NetworkHost;

/** One of two programs that move an address between hosts. */
interface FailoverContender extends AutoCloseable {

    /** What runs it: a name, and how often it advertises. */
    String name();

    /** Starts it on a host, with this address of its own and the other's, and a priority. */
    void start(NetworkHost host, String own, String peer, int priority);

    /** Sends a signal to all that runs of it on this host. */
    void signal(NetworkHost host, String signal);

    /** Starts again what has ended on this host, as it was started first. */
    void restart(NetworkHost host);

    /**
     * Moves the address away from this host by command.
     *
     * @return false if it has no such command
     */
    boolean handOver(NetworkHost host);

    @Override
    void close();
}
