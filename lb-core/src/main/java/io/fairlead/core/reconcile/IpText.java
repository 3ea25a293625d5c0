package io.fairlead.core.reconcile;

import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.net.IpFamily;

/** Renders operations on addresses as the {@code ip} command lines that do the same: for plans, logs and tests alike. */
public final class IpText {

    private IpText() {}

    /** Returns the command line of {@code op}, without a line end. */
    public static String line(AddressOp op) {
        return switch (op) {
            case AddressOp.AddAddress(var address) -> "ip address add " + address(address);
            case AddressOp.RenewAddress(var address) -> "ip address replace " + address(address);
            case AddressOp.DeleteAddress(var key) -> "ip address del " + key;
        };
    }

    private static String address(InterfaceAddress address) {
        StringBuilder text = new StringBuilder(address.key().toString());
        if (address.scope() != AddressScope.GLOBAL) {
            text.append(" scope ").append(address.scope().configName());
        }
        address.label().ifPresent(label -> text.append(" label ").append(label));
        address.lease().ifPresent(lease -> text.append(" valid_lft ").append(lease.toSeconds()));
        if (address.key().address().family() == IpFamily.IPV6) {
            text.append(" preferred_lft 0 nodad");
        } else {
            address.lease().ifPresent(lease -> text.append(" preferred_lft ").append(lease.toSeconds()));
        }
        return text.append(" noprefixroute").toString();
    }
}
