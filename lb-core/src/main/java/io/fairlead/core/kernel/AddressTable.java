package io.fairlead.core.kernel;

import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.reconcile.AddressOp;
import java.util.List;

/**
 * The kernel's interfaces and their addresses. Every call may throw {@link KernelException}. Not safe for use by several
 * threads: one thread owns a table and everything it says.
 *
 * <p>What is added says that it is ours ({@link InterfaceAddressStatus#OURS}) where the kernel keeps that, Linux 5.18+.
 */
public interface AddressTable {

    /** Returns every interface, in no particular order. */
    List<InterfaceStatus> readInterfaces();

    /** Returns every address of every interface, in no particular order. */
    List<InterfaceAddressStatus> readAddresses();

    /**
     * Runs {@code ops} in order. One that fails does not keep the others from being tried, and the report names it; only a
     * failure of the channel itself is thrown, after which nobody knows how many have run.
     *
     * <p>The kernel refuses with {@code ENODEV} where there is no such interface, {@code EEXIST} an addition that is there
     * already, {@code EADDRNOTAVAIL} a removal that is not there.
     */
    default AddressReport apply(List<AddressOp> ops) {
        return prepare(ops).run();
    }

    /**
     * Does beforehand whatever {@link #apply} would do before it speaks to the kernel, for a moment that must not wait. An
     * interface that is removed and made again under the same name afterwards is another one: then prepare again.
     */
    PreparedOps prepare(List<AddressOp> ops);

    /** Operations that are ready to be run, any number of times, by the thread that owns the table. */
    interface PreparedOps {

        /** Runs them as {@link AddressTable#apply} does: in one go, without reading anything first. */
        AddressReport run();
    }

    /** Makes an interface that leads nowhere, to hold addresses; down. {@code EEXIST} if the name is taken. */
    void createDummy(String interfaceName);

    /** Removes an interface with its addresses; {@code ENODEV} if there is none. */
    void deleteInterface(String interfaceName);

    /** Switches an interface on or off; {@code ENODEV} if there is none. */
    void switchInterface(String interfaceName, boolean up);
}
