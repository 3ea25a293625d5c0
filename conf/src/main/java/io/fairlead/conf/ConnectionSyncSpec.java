package io.fairlead.conf;

import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncDaemon.Channel;
import io.fairlead.core.model.SyncRole;
import java.util.List;

/**
 * How the kernels of the peers tell each other of their connections.
 *
 * @param id 1..255; the same on all peers, another in each cluster on the link
 * @param maxLengthBytes 0..65535; 0 lets the kernel derive it from the interface
 */
public record ConnectionSyncSpec(String interfaceName, int id, Channel channel, int maxLengthBytes) {

    /** Returns the two daemons that run on every appliance, whoever is master. */
    public List<SyncDaemon> daemons() {
        return List.of(
                new SyncDaemon(SyncRole.MASTER, interfaceName, id, channel, maxLengthBytes),
                new SyncDaemon(SyncRole.BACKUP, interfaceName, id, channel, maxLengthBytes));
    }
}
