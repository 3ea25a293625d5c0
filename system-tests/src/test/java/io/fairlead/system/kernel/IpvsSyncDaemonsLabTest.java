package io.fairlead.system.kernel;

import io.fairlead.core.kernel.SyncDaemons;
import io.fairlead.core.kernel.SyncDaemonsContract;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.linux.ipvs.IpvsSyncDaemons;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The kernel keeps the contract that the fake is held to, on a dummy interface, which is thereby tried too. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before any test
class IpvsSyncDaemonsLabTest extends SyncDaemonsContract {

    private static final String SYNC = "sync0";

    private RouteNetlinkAddressTable addresses;
    private IpvsSyncDaemons daemons;

    @BeforeAll
    void open() {
        addresses = RouteNetlinkAddressTable.open();
        addresses.createDummy(SYNC);
        addresses.switchInterface(SYNC, true);
        addresses.apply(List.of(new AddressOp.AddAddress(new InterfaceAddress(
                new InterfaceAddressKey(SYNC, IpAddress.parse("198.51.100.1"), 24), Optional.empty()))));
        daemons = IpvsSyncDaemons.open();
    }

    @AfterAll
    void close() {
        daemons.close();
        addresses.deleteInterface(SYNC);
        addresses.close();
    }

    @Override
    protected SyncDaemons daemons() {
        return daemons;
    }

    @Override
    protected String interfaceName() {
        return SYNC;
    }
}
