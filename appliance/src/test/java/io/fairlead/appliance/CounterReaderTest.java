package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.metrics.Scrape.KernelCounters;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.kernel.testing.FakeIpvsTable;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CounterReaderTest {

    private static final VirtualServerKey WEB =
            new VirtualServerKey.AddressKey(TransportProtocol.TCP, ServerAddress.parse("192.0.2.10:80"));
    private static final RealServerKey SERVER = new RealServerKey(ServerAddress.parse("198.51.100.11:80"));

    /** Each look at the clock takes a second, so a reading takes one. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final FakeIpvsTable kernel = new FakeIpvsTable();
    private MonotonicInstant now = new MonotonicInstant(0);
    private final CounterReader reader = new CounterReader(kernel, () -> now = now.plus(LOOK));

    @BeforeEach
    void put() {
        kernel.put(Pool.of(
                new VirtualServer(WEB, Scheduler.WEIGHTED_LEAST_CONNECTION, Set.of(), Optional.empty(), false),
                List.of(new RealServer(SERVER, ForwardingMethod.MASQUERADE, 1, ConnectionThresholds.NONE))));
        kernel.open(WEB, SERVER, 1, 0);
    }

    private long active(boolean perRealServer) {
        KernelCounters counters = reader.read(List.of(WEB), perRealServer);
        assertThat(counters.isRead()).isTrue();
        return Optional.ofNullable(counters.realServers().get(WEB))
                .map(realServers -> realServers.get(SERVER))
                .map(RealServerStats::activeConnections)
                .orElse(-1L);
    }

    @Test
    void asksTheKernelForATenthOfTheTime() {
        assertThat(active(true)).isEqualTo(1);
        kernel.open(WEB, SERVER, 2, 0);

        for (int second = 1; second < 9; second++) {
            assertThat(active(true)).as("second %d after the reading", second).isEqualTo(1);
        }
        assertThat(active(true)).isEqualTo(2);
    }

    @Test
    void asksAgainForWhatWasNotAskedFor() {
        assertThat(active(false)).isEqualTo(-1);
        assertThat(active(true)).isEqualTo(1);
    }
}
