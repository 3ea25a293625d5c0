package io.fairlead.appliance;

import java.util.List;

/** The appliance cannot start, for reasons that its operator can mend. Nothing was changed. */
public final class StartupException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<String> reasons;
    private final boolean configurationRefused;

    private StartupException(List<String> reasons, boolean configurationRefused) {
        super(String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
        this.configurationRefused = configurationRefused;
    }

    /** The file is to be mended. */
    static StartupException configurationRefused(List<String> reasons) {
        return new StartupException(reasons, true);
    }

    /** The host lacks something, or refuses it. */
    static StartupException hostUnfit(String reason) {
        return new StartupException(List.of(reason), false);
    }

    /** Returns whether it is the configuration that has to be mended, and not the host. */
    public boolean isConfigurationRefused() {
        return configurationRefused;
    }

    /** Returns every reason, one line each. */
    public List<String> reasons() {
        return reasons;
    }
}
