package io.fairlead.core.execute;

import io.fairlead.core.kernel.IpvsConntrack;
import io.fairlead.core.kernel.PacketRuleTable;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.core.model.PacketRules;

/**
 * Makes the kernel's packet rules follow what is wanted. Writes nothing where the kernel holds it already, and reads nothing
 * where nobody has changed any rule since the last look. Owned by one thread.
 */
public final class PacketRuleFollower {

    private static final long UNKNOWN = -1;

    private final PacketRuleTable table;
    private final IpvsConntrack conntrack;
    private PacketRules wanted = PacketRules.NONE;
    /** Until then it is not known what of that which stands is needed. */
    private boolean isAsked;
    /** The generation in which the kernel was last known to hold {@link #wanted}. */
    private long standsIn = UNKNOWN;

    public PacketRuleFollower(PacketRuleTable table, IpvsConntrack conntrack) {
        this.table = table;
        this.conntrack = conntrack;
    }

    /** Returns what was last asked for. */
    public PacketRules wanted() {
        return wanted;
    }

    /** Returns whether the kernel held what is wanted when it was last looked at. */
    public boolean stands() {
        return standsIn != UNKNOWN || wanted.isEmpty();
    }

    /** Asks whether this kernel can hold rules at all. @throws UnsupportedKernelException if it cannot */
    public void probe(boolean withSourceNat) {
        if (withSourceNat) {
            boolean _ = conntrack.isOn();
        }
        long _ = table.generation();
    }

    /**
     * Brings {@code rules} about, unless they stand. No rules are brought about too: a table of that name that we find is
     * ours, left by an earlier run.
     *
     * @return whether the kernel had to be changed
     * @throws io.fairlead.core.kernel.KernelException if that failed; the rules that stood before then still do
     */
    public boolean follow(PacketRules rules) {
        isAsked = true;
        if (!rules.equals(wanted)) {
            wanted = rules;
            standsIn = UNKNOWN;
        }
        return restore();
    }

    /**
     * Looks whether someone else has changed what is ours, and mends it. Does nothing before {@link #follow}.
     *
     * @return whether the kernel had to be changed
     * @throws io.fairlead.core.kernel.KernelException if that failed
     */
    public boolean restore() {
        if (!isAsked) {
            return false;
        }
        try {
            boolean changed = restoreConntrack();
            long generation = table.generation();
            if (generation != standsIn) {
                standsIn = UNKNOWN;
                if (!table.holds(wanted)) {
                    table.replace(wanted);
                    changed = true;
                    generation = table.generation();
                }
                standsIn = generation;
            }
            return changed;
        } catch (UnsupportedKernelException e) {
            if (wanted.isEmpty()) {
                return false; // where there is no nf_tables there is no table of ours
            }
            throw e;
        }
    }

    /** Never turned off again: others may have come to need it, and connections that count on it may be open. */
    private boolean restoreConntrack() {
        if (wanted.sourceNat().isEmpty() || conntrack.isOn()) {
            return false;
        }
        conntrack.turnOn();
        return true;
    }
}
