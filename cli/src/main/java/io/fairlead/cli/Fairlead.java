package io.fairlead.cli;

import io.fairlead.cli.command.PlainStatus;
import io.fairlead.cli.output.CheckedOutput;
import java.io.PrintWriter;

/**
 * Where a command begins. It mentions nothing of the parser of command lines, so that what can do without is not kept waiting by
 * the loading of its classes (docs/adr/0077).
 */
public final class Fairlead {

    private Fairlead() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        if (!PlainStatus.fits(arguments)) {
            FairleadCommand.main(arguments);
            return;
        }
        CheckedOutput output = CheckedOutput.standard();
        int exitCode = PlainStatus.print(output.writer(), new PrintWriter(System.err, true, System.err.charset()));
        System.exit(output.settle(exitCode, System.err));
    }
}
