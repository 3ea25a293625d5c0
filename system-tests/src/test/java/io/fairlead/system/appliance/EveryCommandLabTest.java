package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.ExitCode;
import io.fairlead.cli.FairleadCommand;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.traffic.NameServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every command there is, run against an appliance that serves; the names are those of the documents. */
class EveryCommandLabTest extends ApplianceStory {

    private static final String CONFIGURATION = """
        fairlead {
          node-name = edge-a
          defaults.health-check { type = tcp, interval = 2s, timeout = 1900ms, rise = 1, fall = 2 }
          virtual-servers.web {
            address = "192.0.2.10", port = 80, scheduler = sh, scheduler-flags = [sh-port]
            real-servers = [{ name = web-1, address = "198.51.100.11", weight = 3 }]
          }
          high-availability {
            interface = eth0, bind-address = "192.0.2.1", peers = [], connection-sync.enabled = false
            virtual-routers.outside { id = 51, addresses = ["192.0.2.10"] }
          }
        }
        """;

    /** By the words of the command line that are no arguments. */
    private final Set<String> done = new TreeSet<>();

    @BeforeAll
    void serve() {
        NetworkHost web = topology.host("web-1");
        topology.bridge("front").attach(edge, "192.0.2.1/24");
        topology.bridge("back").attach(edge, "198.51.100.1/24");
        topology.bridge("back").attach(web, "198.51.100.11/24");
        RunningProcess server = web.startJava(NameServer.class, "web-1", "198.51.100.11", "80");
        server.awaitLine("listening", PATIENCE);
        appliance = ApplianceProcess.start(edge, CONFIGURATION);
        appliance.awaitHealthy("web", 1);
        done.add("run");
    }

    private record Ended(int exitCode, String out, String err) {}

    /** Runs it within this process, as what it asks goes through the file system; a network is not needed. */
    private Ended fairlead(String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.split(" ", -1)));
        CommandLine command = FairleadCommand.commandLine();
        CommandLine.ParseResult parsed = command.parseArgs(words.toArray(String[]::new));
        CommandLine leaf = parsed.asCommandLineList().getLast();
        done.add(leaf.getCommandSpec().qualifiedName().substring("fairlead ".length()));
        if (leaf.getCommandSpec().findOption("--socket") != null) {
            words.addAll(List.of("--socket", appliance.socket().toString()));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = FairleadCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words.toArray(String[]::new));
        return new Ended(exitCode, out.toString(), err.toString());
    }

    private static String shape(String status) {
        return status.replaceAll("[0-9]+", "N").replaceAll(" +", " ");
    }

    /** Without options it is answered by other code; counters may go on meanwhile. */
    private String plainStatus() {
        List<String> command = new ArrayList<>(List.of("env", "FAIRLEAD_SOCKET=" + appliance.socket()));
        command.addAll(ApplianceProcess.command("64m", "status"));
        return edge.run(PATIENCE, command.toArray(String[]::new)).orThrow().out();
    }

    private String succeeds(String line) {
        Ended ended = fairlead(line);
        assertThat(ended.exitCode()).as(line + "\n" + ended.out() + ended.err()).isEqualTo(ExitCode.OK);
        return ended.out();
    }

    @Test
    @Order(1)
    void showsHowThingsStand() {
        assertThat(succeeds("status")).contains("edge-a", "web-1", "healthy");
        assertThat(shape(plainStatus())).isEqualTo(shape(succeeds("status")));
        assertThat(succeeds("status -o json")).startsWith("{");
        assertThat(succeeds("vs list")).contains("192.0.2.10:80");
        assertThat(succeeds("vs list -o wide")).contains("192.0.2.10:80");
        assertThat(succeeds("vs show web")).contains("web-1");
        assertThat(succeeds("rs list")).contains("198.51.100.11:80");
        assertThat(succeeds("rs list web -o wide")).contains("198.51.100.11:80");
        assertThat(succeeds("rs show web/web-1")).contains("tcp");
        assertThat(succeeds("names rs")).contains("web/web-1");
        assertThat(succeeds("events -n 20")).contains("web/web-1");
        assertThat(succeeds("events -n 5 -o json")).contains("\"kind\":");
        assertThat(succeeds("explain --vs web --client 203.0.113.7:40000")).contains("web-1");
        assertThat(succeeds("kubernetes status")).contains("not enabled");
        assertThat(succeeds("top -n 1")).contains("web");
    }

    @Test
    @Order(2)
    void operatesRealServers() {
        assertThat(succeeds("rs check web/web-1")).contains("passed");
        succeeds("rs drain web/web-1 --timeout 600");
        assertThat(succeeds("rs list web")).contains("drain");
        succeeds("rs undrain web/web-1");
        succeeds("rs disable web/web-1");
        assertThat(table()).doesNotContain("198.51.100.11");
        succeeds("rs enable web/web-1");
        succeeds("rs set-weight web/web-1 5");
        assertThat(table()).contains("198.51.100.11:80 -m -w 5");
        succeeds("rs set-weight web/web-1 default");
    }

    @Test
    @Order(3)
    void operatesFailover() {
        assertThat(succeeds("ha status")).contains("outside");
        assertThat(succeeds("ha key")).hasSizeGreaterThan(40);
        succeeds("ha maintenance on");
        succeeds("ha maintenance off");
        succeeds("ha failover outside");
        assertThat(fairlead("is-master outside").exitCode()).isIn(ExitCode.OK, ExitCode.NOT_MASTER);
        assertThat(fairlead("is-master nobody").exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    @Order(4)
    void changesTheConfiguration(@TempDir Path folder) throws IOException {
        appliance.write(CONFIGURATION.replace("weight = 3", "weight = 4"));
        Path keepalived = Files.writeString(
                folder.resolve("keepalived.conf"),
                "virtual_server 192.0.2.10 80 {\n protocol TCP\n real_server 198.51.100.11 80 {\n }\n}\n");
        Path objects = Files.writeString(folder.resolve("objects.json"), "{\"kind\": \"List\", \"items\": []}");

        assertThat(succeeds("config check " + appliance.file())).contains("valid");
        assertThat(succeeds("config show " + appliance.file())).contains("weight = 4");
        assertThat(succeeds("plan")).contains("-w 4");
        assertThat(succeeds("plan " + appliance.file())).contains("-w 4");
        assertThat(succeeds("reload --confirm-within 10m")).contains("1 operation");
        succeeds("confirm");
        succeeds("reload --force");
        assertThat(succeeds("import keepalived " + keepalived)).contains("virtual-servers");
        fairlead("kubernetes plan -c " + appliance.file() + " --from " + objects);
        assertThat(succeeds("completion bash")).contains("fairlead names");
    }

    @Test
    @Order(5)
    void looksForWhatIsWrongAndClearsTheKernel() {
        String[] doctor = {
            "doctor",
            "--all",
            "-c",
            appliance.file().toString(),
            "-s",
            appliance.socket().toString()
        };
        String[] clear = {"clear", "-c", appliance.file().toString()};

        assertThat(edge.run(PATIENCE, ApplianceProcess.command("64m", doctor).toArray(String[]::new))
                        .out())
                .contains("as they should be", "sh-fallback"); // which the configuration leaves out
        done.add("doctor");
        assertThat(appliance.terminate()).isZero();
        assertThat(table()).contains("198.51.100.11");
        assertThat(edge.run(PATIENCE, ApplianceProcess.command("64m", clear).toArray(String[]::new))
                        .exit())
                .isZero();
        done.add("clear");
        assertThat(table()).isEmpty();
    }

    @Test
    @Order(6)
    void leavesNoCommandOut() {
        Set<String> all = new TreeSet<>();
        leaves(FairleadCommand.commandLine())
                .forEach(leaf -> all.add(leaf.getCommandSpec().qualifiedName().substring("fairlead ".length())));

        assertThat(done).isEqualTo(all);
    }

    private static Stream<CommandLine> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command)
                : command.getSubcommands().values().stream().distinct().flatMap(EveryCommandLabTest::leaves);
    }
}
