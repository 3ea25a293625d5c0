package io.fairlead.core.kernel;

import io.fairlead.core.kernel.testing.FakeIpvsTable;

/** Holds the fake to what the kernel does; the kernel itself is held to it where there is one with IPVS. */
class FakeIpvsTableTest extends IpvsTableContract {

    private final FakeIpvsTable table = new FakeIpvsTable();

    FakeIpvsTableTest() {
        table.lacks(NO_SUCH_SCHEDULER);
    }

    @Override
    protected IpvsTable table() {
        return table;
    }
}
