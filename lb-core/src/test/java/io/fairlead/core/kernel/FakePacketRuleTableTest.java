package io.fairlead.core.kernel;

import io.fairlead.core.kernel.testing.FakePacketRuleTable;

class FakePacketRuleTableTest extends PacketRuleTableContract {

    private final FakePacketRuleTable table = new FakePacketRuleTable();

    @Override
    protected PacketRuleTable table() {
        return table;
    }

    @Override
    protected void damage() {
        table.damage();
    }

    @Override
    protected void changeOthers() {
        table.changeOthers();
    }
}
