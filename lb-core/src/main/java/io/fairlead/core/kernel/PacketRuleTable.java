package io.fairlead.core.kernel;

import io.fairlead.core.model.PacketRules;

/**
 * The table of packet rules that is ours, by its name, as a whole. Every call may throw {@link KernelException}. Not safe
 * for use by several threads.
 */
public interface PacketRuleTable {

    /**
     * Returns a number that changes whenever anyone changes any rule of this network namespace, ours or not. While it stays,
     * nothing needs to be read.
     */
    long generation();

    /** Returns whether the kernel holds exactly these rules, and no table at all for {@link PacketRules#NONE}. */
    boolean holds(PacketRules rules);

    /**
     * Puts these rules in the place of all that our table holds, at one moment: every packet meets either the old rules or
     * the new. {@link PacketRules#NONE} removes the table. On a refusal the old ones stay.
     *
     * @throws ErrnoException if the kernel refuses
     */
    void replace(PacketRules rules);
}
