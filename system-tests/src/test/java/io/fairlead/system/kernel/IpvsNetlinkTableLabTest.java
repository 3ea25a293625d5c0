package io.fairlead.system.kernel;

import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTableContract;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The kernel keeps the contract that the fake is held to. The lab gives it a network namespace whose table may be flushed. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IpvsNetlinkTableLabTest extends IpvsTableContract {

    @SuppressWarnings("NullAway.Init") // set before any test
    private IpvsNetlinkTable table;

    @BeforeAll
    void open() {
        table = IpvsNetlinkTable.open();
    }

    @AfterAll
    void close() {
        table.close();
    }

    @Override
    protected IpvsTable table() {
        return table;
    }
}
