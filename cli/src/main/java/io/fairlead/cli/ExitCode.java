package io.fairlead.cli;

/** The exit codes of every command. Scripts read these, not the text; they do not change. */
public final class ExitCode {

    /** Done. */
    public static final int OK = 0;

    /** Failed, for a reason that stands on standard error. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** The configuration file is refused. */
    public static final int BAD_CONFIGURATION = 3;

    /** No appliance answers on the admin socket. */
    public static final int NOT_RUNNING = 4;

    /** The change would remove too much at once, and was not forced. */
    public static final int HELD_BACK = 5;

    /** {@code doctor}: nothing is broken, but something should be looked at. */
    public static final int WARNINGS = 6;

    /** This appliance is not master of the virtual router that was asked about. */
    public static final int NOT_MASTER = 7;

    private ExitCode() {}
}
