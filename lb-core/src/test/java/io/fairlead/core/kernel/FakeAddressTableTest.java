package io.fairlead.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.kernel.testing.FakeAddressTable;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.AddressOp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeAddressTableTest extends AddressTableContract {

    private final FakeAddressTable table = new FakeAddressTable();

    FakeAddressTableTest() {
        table.addEthernet(interfaceName());
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
    void aLeaseRunsOut() {
        InterfaceAddressKey key = new InterfaceAddressKey("eth0", IpAddress.parse("192.0.2.10"), 32);
        table.apply(List.of(new AddressOp.AddAddress(new InterfaceAddress(key, Optional.of(Duration.ofSeconds(3))))));

        table.pass(Duration.ofSeconds(2));
        assertThat(table.readAddresses()).hasSize(1);
        table.pass(Duration.ofSeconds(1));

        assertThat(table.readAddresses()).isEmpty();
    }
}
