package io.fairlead.core.reconcile;

import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;

/** One change to the addresses of the machine. Shown to people as the {@code ip} line that does the same. */
public sealed interface AddressOp {

    /** Returns the address that the operation touches. */
    InterfaceAddressKey key();

    /** Adds an address; refused if it is there. */
    record AddAddress(InterfaceAddress address) implements AddressOp {
        @Override
        public InterfaceAddressKey key() {
            return address.key();
        }

        @Override
        public String toString() {
            return IpText.line(this);
        }
    }

    /** Starts the lease of an address anew, or takes its lease away; adds the address if it is gone. */
    record RenewAddress(InterfaceAddress address) implements AddressOp {
        @Override
        public InterfaceAddressKey key() {
            return address.key();
        }

        @Override
        public String toString() {
            return IpText.line(this);
        }
    }

    /** Removes an address; refused if it is not there. */
    record DeleteAddress(InterfaceAddressKey key) implements AddressOp {
        @Override
        public String toString() {
            return IpText.line(this);
        }
    }
}
