package io.fairlead.appliance.loop;

import java.util.List;

/** What came of applying a configuration. */
public sealed interface ApplyOutcome {

    /**
     * The configuration is followed now.
     *
     * @param operations how many changes the kernel took at once; real servers without a verdict follow with their checks
     * @param failures what the kernel refused; tried again with growing pauses
     */
    record Applied(int operations, List<String> failures) implements ApplyOutcome {

        public Applied {
            failures = List.copyOf(failures);
        }
    }

    /** This kernel cannot do what the configuration asks for; nothing was changed. */
    record Unsupported(List<String> reasons) implements ApplyOutcome {

        public Unsupported {
            reasons = List.copyOf(reasons);
        }
    }

    /** The configuration would remove too much at once; nothing was changed. It can be forced. */
    record HeldBack(List<String> reasons) implements ApplyOutcome {

        public HeldBack {
            reasons = List.copyOf(reasons);
        }
    }
}
