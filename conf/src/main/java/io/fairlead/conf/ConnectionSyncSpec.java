package io.fairlead.conf;

import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncDaemon.Channel;
import io.fairlead.core.model.SyncRole;
import io.fairlead.core.model.SysctlSetting;
import java.time.Duration;
import java.util.List;

/**
 * How the kernels of the peers tell each other of their connections.
 *
 * @param id 1..255; the same on all peers, another in each cluster on the link
 * @param maxLengthBytes 0..65535; 0 lets the kernel derive it from the interface
 * @param refresh after which a connection that is in use is told of again, whole seconds; zero leaves that to the kernel
 */
public record ConnectionSyncSpec(String interfaceName, int id, Channel channel, int maxLengthBytes, Duration refresh) {

    /** The longest refresh: a peer counts as knowing the connections once it has listened for a little longer. */
    public static final Duration REFRESH_MAX = Duration.ofSeconds(10);

    private static final String TELL_WHEN_ESTABLISHED = "3 0";

    /**
     * Returns the settings of the kernel without which a peer that comes later would never learn of a connection with few
     * packets: usually a connection is told of with its third packet, and again with each fiftieth.
     */
    public List<SysctlSetting> settings() {
        return refresh.isZero()
                ? List.of()
                : List.of(
                        new SysctlSetting("net.ipv4.vs.sync_threshold", TELL_WHEN_ESTABLISHED),
                        new SysctlSetting("net.ipv4.vs.sync_refresh_period", Long.toString(refresh.toSeconds())));
    }

    /** Returns the two daemons that run on every appliance, whoever is master. */
    public List<SyncDaemon> daemons() {
        return List.of(
                new SyncDaemon(SyncRole.MASTER, interfaceName, id, channel, maxLengthBytes),
                new SyncDaemon(SyncRole.BACKUP, interfaceName, id, channel, maxLengthBytes));
    }
}
