package io.fairlead.core.kernel;

import io.fairlead.core.reconcile.AddressOp;
import java.util.List;

/**
 * What became of operations on addresses.
 *
 * @param carriedOut how many the kernel carried out
 * @param failures those the kernel refused, in order
 */
public record AddressReport(int carriedOut, List<OpFailure> failures) {

    public AddressReport {
        failures = List.copyOf(failures);
    }

    /** One refused operation. */
    public record OpFailure(AddressOp op, ErrnoException cause) {}
}
