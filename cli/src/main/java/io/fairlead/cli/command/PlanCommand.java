package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.PlanReport;
import io.fairlead.appliance.admin.PlanRequest;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.Display;
import io.fairlead.cli.output.Prose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What a reload would do. */
@Command(
        name = "plan",
        description = {
            "Print what a reload would change at once, as nft, ipvsadm, sysctl and ip lines, without changing"
                    + " anything.",
            "No line is printed when the kernel already holds what the file asks for.",
            "Addresses of virtual routers come and go by election: a remark on standard error says which they are.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  fairlead plan", "  fairlead plan new.conf"})
public final class PlanCommand extends ApplianceCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The file to plan for (default: the one that the appliance was started with).")
    private @Nullable Path file;

    @Override
    public Integer call() {
        PlanRequest request =
                new PlanRequest(file == null ? null : file.toAbsolutePath().toString());
        PlanReport report = AdminJson.read(PlanReport.class, askText("POST", "/v1/plan", AdminJson.write(request)));
        report.problems().forEach(this::remark);
        if (!report.accepted()) {
            throw new CommandFailure(ExitCode.BAD_CONFIGURATION, refused(report.problems()));
        }
        Display display = display(OutputFormat.TABLE);
        report.commands().forEach(command -> printLine(Prose.foldCommand(command, display)));
        return ExitCode.OK;
    }

    /** What we can read the appliance may not: it reads as a user of its own, and as a service sees no home folder. */
    private List<String> refused(List<String> problems) {
        boolean isOurs = file != null
                && Files.isReadable(file)
                && problems.stream()
                        .anyMatch(problem -> problem.startsWith(file.toAbsolutePath() + ": no such file")
                                || problem.startsWith(file.toAbsolutePath() + ": cannot be read"));
        return isOurs
                ? List.of(
                        "would be refused",
                        "hint: the appliance reads it, as its own user and without /root and /home: put it into"
                                + " /etc/fairlead")
                : List.of("would be refused");
    }
}
