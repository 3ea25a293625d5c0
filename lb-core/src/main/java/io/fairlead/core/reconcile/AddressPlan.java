package io.fairlead.core.reconcile;

import io.fairlead.core.model.InterfaceAddressKey;
import java.util.List;

/**
 * Operations on addresses in the order in which they must run.
 *
 * @param ops empty when there is nothing to do
 * @param foreign wanted addresses that somebody else has put there: used as they are, neither renewed nor ever removed
 */
public record AddressPlan(List<AddressOp> ops, List<InterfaceAddressKey> foreign) {

    public AddressPlan {
        ops = List.copyOf(ops);
        foreign = List.copyOf(foreign);
    }

    /** Returns the plan as a script of {@code ip} lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (AddressOp op : ops) {
            text.append(IpText.line(op)).append('\n');
        }
        return text.toString();
    }
}
