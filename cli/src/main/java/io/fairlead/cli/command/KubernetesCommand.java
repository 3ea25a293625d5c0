package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.KubernetesReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.KubernetesTables;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.KubernetesConfig;
import io.fairlead.conf.KubernetesServers;
import io.fairlead.kube.json.MalformedObjectException;
import io.fairlead.kube.json.ManifestReader;
import io.fairlead.kube.mapping.ClusterMapping;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about the Services of a Kubernetes cluster. */
@Command(
        name = "kubernetes",
        description = "Show what the Services of a Kubernetes cluster become.",
        footerHeading = "%nExample:%n",
        footer = {"  fairlead kubernetes status"})
public final class KubernetesCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    @Command(
            description = {
                "Print the virtual servers that objects of a cluster would become, without asking anybody.",
                "What is not served is listed on standard error, with its reason.",
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  kubectl get services,endpointslices,nodes -A -o json |",
                "      fairlead kubernetes plan --from -",
            })
    int plan(
            @Mixin ConfigOption config,
            @Option(
                            names = "--from",
                            required = true,
                            arity = "1..*",
                            paramLabel = "FILE",
                            description =
                                    "Services, EndpointSlices and Nodes as kubectl get -o json prints them: a List"
                                            + " or objects one after the other; YAML too; - for standard input.")
                    List<String> files,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        FairleadConfig found = load(config.file);
        KubernetesConfig kubernetes = found.kubernetes();
        ClusterMapping mapping =
                new ClusterMapping(kubernetes.services(), kubernetes.mapping(), kubernetes.addressPools());
        files.forEach(file -> read(file, mapping));
        mapping.refresh();
        KubernetesServers servers = KubernetesServers.of(kubernetes.template(), mapping.mapped());
        KubernetesTables.Plan plan = KubernetesTables.plan(
                mapping.mapped().values(),
                kubernetes.template()::configured,
                servers.beside(found.virtualServers()).conflicts());
        spec.commandLine()
                .getOut()
                .print(
                        switch (format) {
                            case TABLE, WIDE ->
                                KubernetesTables.table(
                                        plan, format.display(spec.commandLine().getOut()));
                            case JSON -> AdminJson.write(plan) + System.lineSeparator();
                        });
        spec.commandLine().getOut().flush();
        KubernetesTables.refusals(plan).forEach(spec.commandLine().getErr()::println);
        return ExitCode.OK;
    }

    @Command(
            description = {
                "Show what is taken from the cluster that the appliance follows, what is not, and why.",
                "Exit code 1 if something does not work.",
            },
            footerHeading = "%nExample:%n",
            footer = {"  fairlead kubernetes status"})
    int status(
            @Mixin SocketOption socket,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    OutputFormat format) {
        KubernetesReport report = AdminJson.read(KubernetesReport.class, socket.ask("GET", "/v1/kubernetes", ""));
        spec.commandLine()
                .getOut()
                .print(
                        switch (format) {
                            case TABLE, WIDE ->
                                KubernetesTables.status(
                                        report,
                                        format.display(spec.commandLine().getOut()));
                            case JSON -> AdminJson.write(report) + System.lineSeparator();
                        });
        spec.commandLine().getOut().flush();
        boolean works = report.problems().isEmpty() && report.heldBack().isEmpty();
        return works ? ExitCode.OK : ExitCode.FAILED;
    }

    private static FairleadConfig load(Path file) {
        return switch (ConfigFile.load(file)) {
            case ConfigOutcome.Accepted accepted -> accepted.config();
            case ConfigOutcome.Refused refused ->
                throw new CommandFailure(ExitCode.BAD_CONFIGURATION, refused.report());
        };
    }

    private static void read(String file, ClusterMapping mapping) {
        try (Reader text = file.equals("-")
                ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
                : Files.newBufferedReader(Path.of(file))) {
            ManifestReader.read(text).forEach(mapping::put);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, List.of("cannot read " + file + ": " + e));
        } catch (MalformedObjectException e) {
            throw new CommandFailure(ExitCode.FAILED, List.of(file + ": " + e.getMessage()));
        }
    }
}
