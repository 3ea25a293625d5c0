package io.fairlead.core.kernel;

import io.fairlead.core.kernel.testing.FakeSyncDaemons;
import java.util.Set;

class FakeSyncDaemonsTest extends SyncDaemonsContract {

    private final FakeSyncDaemons daemons = new FakeSyncDaemons(Set.of("eth0"));

    @Override
    protected SyncDaemons daemons() {
        return daemons;
    }

    @Override
    protected String interfaceName() {
        return "eth0";
    }
}
