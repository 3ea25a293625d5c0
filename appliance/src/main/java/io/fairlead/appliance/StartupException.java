package io.fairlead.appliance;

import java.util.List;

/** The appliance cannot start, for reasons that its operator can mend. Nothing was changed. */
public final class StartupException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<String> reasons;

    public StartupException(List<String> reasons) {
        super(String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    /** Returns every reason, one line each. */
    public List<String> reasons() {
        return reasons;
    }
}
