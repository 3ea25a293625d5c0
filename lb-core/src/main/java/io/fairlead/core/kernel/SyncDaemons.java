package io.fairlead.core.kernel;

import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncRole;
import java.util.List;

/**
 * The kernel's connection sync daemons. Every call may throw {@link KernelException}. One thread owns them.
 *
 * <p>Stopping a master throws away what it has not sent yet, some seconds of connections at a low rate.
 */
public interface SyncDaemons {

    /** Returns those that run: none, one, or one of each role. */
    List<SyncDaemon> read();

    /**
     * Starts a daemon. {@code EEXIST} if one of its role runs, {@code ENODEV} if there is no such interface, {@code EINVAL}
     * while the table has a real server of another family than its virtual server.
     */
    void start(SyncDaemon daemon);

    /** Stops the daemon of a role; returns false if none runs. */
    boolean stop(SyncRole role);
}
