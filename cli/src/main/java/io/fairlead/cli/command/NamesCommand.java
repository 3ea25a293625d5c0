package io.fairlead.cli.command;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.appliance.admin.StatusReport.VirtualServerLine;
import io.fairlead.cli.ExitCode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The names that the running appliance knows, one a line: for the completion of shells. */
@Command(
        name = "names",
        hidden = true,
        description =
                "Print the names of virtual servers (vs), real servers (rs), or routers and sync groups (router).")
public final class NamesCommand extends ApplianceCommand implements Callable<Integer> {

    /** Of what. */
    public enum Kind {
        VS,
        RS,
        ROUTER;

        /** Returns how it is written on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // required
    private Kind kind;

    @Override
    public Integer call() {
        switch (kind) {
            case VS -> virtualServers().forEach(line -> printLine(line.name()));
            case RS ->
                virtualServers()
                        .forEach(line -> line.realServers()
                                .forEach(realServer -> printLine(line.name() + "/" + realServer.name())));
            case ROUTER -> ask(HaReport.class, "GET", "/v1/ha", "").routers().forEach(line -> printLine(line.name()));
        }
        return ExitCode.OK;
    }

    private List<VirtualServerLine> virtualServers() {
        return ask(StatusReport.class, "GET", "/v1/status", "").virtualServers();
    }
}
