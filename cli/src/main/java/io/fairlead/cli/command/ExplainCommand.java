package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminJson;
import io.fairlead.appliance.admin.ExplainReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.ExplainText;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which real server a client would get. */
@Command(
        name = "explain",
        description = {
            "Say which real server a client would get now, and why.",
            "With sh, dh and mh that follows from the client; with the others it says what the kernel will weigh.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  fairlead explain --vs web --client 203.0.113.7",
            "  fairlead explain --vs web --client 203.0.113.7:40000 -o json",
            "  fairlead explain --vs web6 --client [2001:db8::7]:40000",
        })
public final class ExplainCommand extends ApplianceCommand implements Callable<Integer> {

    @Option(
            names = "--client",
            required = true,
            paramLabel = "ADDR[:PORT]",
            description = "The client's address; with its port where a scheduler flag looks at that.")
    @SuppressWarnings("NullAway.Init") // required
    private String client;

    @Option(names = "--vs", required = true, paramLabel = "VS", description = "The virtual server that it asks.")
    @SuppressWarnings("NullAway.Init") // required
    private String virtualServer;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        String path = "/v1/explain?virtual-server=" + encoded(virtualServer) + clientParameters();
        ExplainReport report = ask(ExplainReport.class, "GET", path, "");
        if (!report.found()) {
            throw new CommandFailure(ExitCode.FAILED, report.reasons());
        }
        print(
                switch (format) {
                    case JSON -> AdminJson.write(report) + System.lineSeparator();
                    case TABLE, WIDE -> ExplainText.of(report, display(format));
                });
        return ExitCode.OK;
    }

    private String clientParameters() {
        try {
            if (client.startsWith("[") || client.chars().filter(c -> c == ':').count() == 1) {
                ServerAddress address = ServerAddress.parse(client);
                return "&client=" + encoded(address.address().toString()) + "&port=" + address.port();
            }
            return "&client=" + encoded(IpAddress.parse(client).toString());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--client: " + e.getMessage(), e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
