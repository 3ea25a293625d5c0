package io.fairlead.core.kernel.testing;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.SyncDaemons;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncRole;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sync daemons in memory that refuse what the kernel refuses. */
public final class FakeSyncDaemons implements SyncDaemons {

    private static final int KERNEL_LENGTH_BYTES = 1472;

    private final Set<String> interfaceNames;
    private final Map<SyncRole, SyncDaemon> running = new EnumMap<>(SyncRole.class);

    public FakeSyncDaemons(Set<String> interfaceNames) {
        this.interfaceNames = Set.copyOf(interfaceNames);
    }

    @Override
    public List<SyncDaemon> read() {
        return List.copyOf(running.values());
    }

    @Override
    public void start(SyncDaemon daemon) {
        if (running.containsKey(daemon.role())) {
            throw new ErrnoException("start sync daemon " + daemon, Errno.EEXIST, "");
        }
        if (!interfaceNames.contains(daemon.interfaceName())) {
            throw new ErrnoException("start sync daemon " + daemon, Errno.ENODEV, "");
        }
        int length = daemon.maxLengthBytes() == 0 ? KERNEL_LENGTH_BYTES : daemon.maxLengthBytes();
        running.put(
                daemon.role(),
                new SyncDaemon(daemon.role(), daemon.interfaceName(), daemon.syncId(), daemon.channel(), length));
    }

    @Override
    public boolean stop(SyncRole role) {
        return running.remove(role) != null;
    }
}
