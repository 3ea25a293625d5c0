package io.fairlead.appliance.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.ConnectionSyncSpec;
import io.fairlead.core.kernel.testing.FakeSyncDaemons;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncDaemon.Channel;
import io.fairlead.core.model.SyncRole;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionSyncTest {

    private static final ConnectionSyncSpec OURS = spec(51);

    private final FakeSyncDaemons daemons = new FakeSyncDaemons(Set.of("eth0"));

    private static ConnectionSyncSpec spec(int id) {
        return new ConnectionSyncSpec("eth0", id, Channel.KERNEL_DEFAULT, 0, Duration.ofSeconds(10));
    }

    private List<Integer> running() {
        return daemons.read().stream().map(SyncDaemon::syncId).toList();
    }

    @Test
    void startsBothAndFindsThemAgain() {
        ConnectionSync.Outcome first = ConnectionSync.follow(daemons, Optional.empty(), Optional.of(OURS));
        ConnectionSync.Outcome again = ConnectionSync.follow(daemons, Optional.of(OURS), Optional.of(OURS));

        assertThat(running()).containsExactly(51, 51);
        assertThat(first.ranBefore()).isFalse();
        assertThat(again.ranBefore())
                .as("the kernel reports the length that it has derived")
                .isTrue();
    }

    @Test
    void stopsWhatIsInTheWayAndWhatIsWantedNoMore() {
        daemons.start(new SyncDaemon(SyncRole.MASTER, "eth0", 7, Channel.KERNEL_DEFAULT, 0));

        boolean _ = ConnectionSync.follow(daemons, Optional.empty(), Optional.of(OURS))
                .runs();
        assertThat(running()).containsExactly(51, 51);

        boolean _ = ConnectionSync.follow(daemons, Optional.of(OURS), Optional.empty())
                .runs();
        assertThat(running()).isEmpty();
    }

    @Test
    void leavesTheDaemonsOfOthersAlone() {
        daemons.start(new SyncDaemon(SyncRole.BACKUP, "eth0", 7, Channel.KERNEL_DEFAULT, 0));

        boolean _ = ConnectionSync.follow(daemons, Optional.empty(), Optional.empty())
                .runs();

        assertThat(running()).containsExactly(7);
    }
}
