package io.fairlead.core.kernel;

import io.fairlead.core.reconcile.IpvsOp;
import java.util.List;

/**
 * How a list of operations went.
 *
 * @param carriedOut how many the kernel carried out
 * @param failures those the kernel refused, in order. An operation on a real server that failed only because its virtual
 *     server could not be created is left out: the failure to mend is the virtual server's.
 */
public record ApplyReport(int carriedOut, List<OpFailure> failures) {

    public ApplyReport {
        failures = List.copyOf(failures);
    }

    /** Returns whether the kernel took every operation. */
    public boolean succeeded() {
        return failures.isEmpty();
    }

    /** One refused operation. */
    public record OpFailure(IpvsOp op, ErrnoException cause) {}
}
