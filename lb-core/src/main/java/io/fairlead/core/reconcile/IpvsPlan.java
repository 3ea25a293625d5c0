package io.fairlead.core.reconcile;

import java.util.List;

/**
 * Operations in the order in which they must run. Valid after any prefix has run: planning again gives the rest.
 *
 * @param ops empty when the kernel already holds what is wanted
 */
public record IpvsPlan(List<IpvsOp> ops) {

    public IpvsPlan {
        ops = List.copyOf(ops);
    }

    /** Returns whether there is nothing to do. */
    public boolean isEmpty() {
        return ops.isEmpty();
    }

    /** Returns the plan as a script of {@code ipvsadm} lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (IpvsOp op : ops) {
            text.append(IpvsAdmText.line(op)).append('\n');
        }
        return text.toString();
    }
}
