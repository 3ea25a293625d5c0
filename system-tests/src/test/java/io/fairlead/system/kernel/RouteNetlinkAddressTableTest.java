package io.fairlead.system.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.AddressTableContract;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import io.fairlead.linux.socket.NetworkNamespace;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The kernel keeps the contract that the fake is held to, on an interface of a namespace. */
@Tag("namespace")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before any test
class RouteNetlinkAddressTableTest extends AddressTableContract {

    private Topology topology;
    private NetworkHost director;
    private RouteNetlinkAddressTable table;

    @BeforeAll
    void open() {
        assumeTrue(
                Topology.unavailable().isEmpty(), () -> Topology.unavailable().orElseThrow());
        topology = Topology.create();
        director = topology.host("director");
        topology.link(director, "198.51.100.1/24", topology.host("client"), "198.51.100.2/24");
        table = NetworkNamespace.call(Path.of("/run/netns", director.namespace()), RouteNetlinkAddressTable::open);
    }

    @AfterAll
    void close() {
        if (table != null) {
            table.close();
        }
        if (topology != null) {
            topology.close();
        }
    }

    @Override
    protected AddressTable table() {
        return table;
    }

    @Override
    protected String interfaceName() {
        return "eth0";
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void theKernelRemovesAnAddressWhoseLeaseNobodyRenews() {
        for (String address : List.of("192.0.2.10/32", "2001:db8::10/128")) {
            IpAddress ip = IpAddress.parse(address.substring(0, address.indexOf('/')));
            InterfaceAddressKey key =
                    new InterfaceAddressKey("eth0", ip, ip.family().lengthBits());
            assertThat(table.apply(List.of(new AddressOp.AddAddress(
                                    new InterfaceAddress(key, Optional.of(Duration.ofSeconds(2))))))
                            .failures())
                    .isEmpty();
            while (director.run("ip", "address", "show").orThrow().out().contains(address)) {
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }
        assertThat(director.run("ip", "address", "show").orThrow().out()).contains("198.51.100.1/24");
    }
}
