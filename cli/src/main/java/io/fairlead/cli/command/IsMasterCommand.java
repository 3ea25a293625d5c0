package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import io.fairlead.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** For scripts: whether the addresses of a virtual router are here. */
@Command(
        name = "is-master",
        description = {
            "Exit with 0 if this appliance is master of a virtual router or sync group, with 7 if it is not.",
            "Nothing is printed. 1: there is no such router; 4: no appliance is running.",
        },
        footerHeading = "%nExample:%n",
        footer = {"  fairlead is-master outside && make-the-backup"})
public final class IsMasterCommand implements Callable<Integer> {

    @Mixin
    private final SocketOption socket = new SocketOption();

    @Parameters(paramLabel = "ROUTER", description = "A virtual router or sync group.")
    private String router = "";

    @Override
    public Integer call() {
        HaReport report = AdminJson.read(HaReport.class, socket.ask("GET", "/v1/ha", ""));
        return report.routers().stream()
                .filter(line -> line.name().equals(router) || line.members().contains(router))
                .findFirst()
                .map(line -> line.role().equals("master") || line.role().equals("handing-over")
                        ? ExitCode.OK
                        : ExitCode.NOT_MASTER)
                .orElseThrow(() -> CommandFailure.noSuch(
                        "virtual router",
                        router,
                        report.routers().stream().map(RouterLine::name).toList(),
                        "fairlead ha status"));
    }
}
