package io.fairlead.core.kernel.testing;

import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.PacketRuleTable;
import io.fairlead.core.model.PacketRules;
import java.util.OptionalInt;

/** A table of packet rules without a kernel. */
public final class FakePacketRuleTable implements PacketRuleTable {

    private PacketRules held = PacketRules.NONE;
    private boolean damaged;
    private long generation = 1;
    private int writes;
    private int reads;
    private OptionalInt refusal = OptionalInt.empty();

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public boolean holds(PacketRules rules) {
        reads++;
        return !damaged && held.equals(rules);
    }

    @Override
    public void replace(PacketRules rules) {
        if (refusal.isPresent()) {
            throw new ErrnoException("write the packet rules", refusal.getAsInt(), "");
        }
        held = rules;
        damaged = false;
        generation++;
        writes++;
    }

    /** Someone changes rules that are not ours. */
    public void changeOthers() {
        generation++;
    }

    /** Someone changes our table. */
    public void damage() {
        damaged = true;
        generation++;
    }

    /** Makes every further {@link #replace} fail, until {@link #accept}. */
    public void refuse(int errno) {
        refusal = OptionalInt.of(errno);
    }

    /** Ends what {@link #refuse} began. */
    public void accept() {
        refusal = OptionalInt.empty();
    }

    /** Returns what the table holds, whether or not someone has changed it. */
    public PacketRules held() {
        return held;
    }

    /** Returns how often the table was written. */
    public int writes() {
        return writes;
    }

    /** Returns how often the table was read. */
    public int reads() {
        return reads;
    }
}
