package io.fairlead.cli.command;

import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The names that the running appliance knows, one a line: for the completion of shells. */
@Command(name = "names", hidden = true, description = "Print the names of virtual servers (vs) or real servers (rs).")
public final class NamesCommand extends ApplianceCommand implements Callable<Integer> {

    /** Of what. */
    public enum Kind {
        VS,
        RS
    }

    @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // required
    private Kind kind;

    @Override
    public Integer call() {
        for (VirtualServerLine line :
                ask(StatusReport.class, "GET", "/v1/status", "").virtualServers()) {
            switch (kind) {
                case VS -> printLine(line.name());
                case RS -> line.realServers().forEach(realServer -> printLine(line.name() + "/" + realServer.name()));
            }
        }
        return ExitCode.OK;
    }
}
