package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fairlead.cli.output.CheckedOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FairleadCommandTest {

    private static final String GOOD = """
        fairlead {
          node-name = edge-a
          virtual-servers {
            web {
              address = "192.0.2.10"
              port = 80
              real-servers = [ { address = "198.51.100.11" }, { address = "198.51.100.12", weight = 3 } ]
            }
          }
        }
        """;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return FairleadCommand.commandLineFor(arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("fairlead.conf"), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no-such-command",
                "--no-such-option",
                "config",
                "config no-such-command",
                "config check one two",
                "import",
                "import keepalived",
                "kubernetes",
                "kubernetes plan",
                "status --output yaml",
                "status --socket",
                "status left-over",
                "plan one two",
                "reload left-over",
                "clear left-over",
            })
    void aWrongCommandLineExitsWith2AndSaysHowItShouldBe(String line) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ", -1);

        assertThat(run(arguments)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines().toList()).hasSize(2);
        assertThat(err.toString()).contains("fairlead: hint: fairlead").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void asksWhetherAMisspelledCommandWasMeant() {
        assertThat(run("staus")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("hint: did you mean status? fairlead --help");
    }

    @Test
    void findsACommandInItsGroup() {
        assertThat(run("drain", "web/web-1")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("hint: did you mean rs drain? fairlead --help");
    }

    @Test
    void saysWhichWeightsThereAre() {
        assertThat(run("rs", "set-weight", "web/web-1", "70000")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("70000 (expected: 0..65535, or default)");
    }

    @Test
    void exampleLinesAreNotBroken() {
        assertThat(everyCommand(FairleadCommand.commandLine()))
                .allSatisfy(command -> assertThat(
                                command.getCommandSpec().usageMessage().footer())
                        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThan(80)));
    }

    private static Stream<CommandLine> everyCommand(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(FairleadCommandTest::everyCommand));
    }

    @Test
    void aCommandLineThatNamesACommandNeedsNoOther() {
        Map<String, CommandLine> all =
                new HashMap<>(FairleadCommand.commandLine().getSubcommands());
        all.remove("completion"); // is about all of them
        all.forEach((name, command) -> {
            Map<String, CommandLine> known =
                    FairleadCommand.commandLineFor(name).getSubcommands();

            assertThat(known).containsOnlyKeys(name);
            assertThat(known.values())
                    .allSatisfy(alone -> assertThat(alone.getUsageMessage()).isEqualTo(command.getUsageMessage()));
        });
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).matches("fairlead [0-9]+\\.[0-9]+\\.[0-9]+\\S*\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "run --help", "config --help", "config check --help", "plan -h", "status -h"})
    void helpsEverywhere(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Usage: fairlead");
    }

    @Test
    void plansForObjectsOfAClusterFromSeveralFiles() throws IOException {
        Path file = file("fairlead.kubernetes { address-pools.public.addresses = [198.51.100.10], target = pods }");
        Path services = Files.writeString(directory.resolve("services.json"), """
            {"kind": "List", "items": [
              {"kind": "Service", "metadata": {"namespace": "shop", "name": "web"}, "spec": {"type": "LoadBalancer",
               "loadBalancerClass": "fairlead.io/fairlead", "clusterIP": "203.0.113.1", "ports": [{"port": 80}]}},
              {"kind": "Service", "metadata": {"namespace": "shop", "name": "zoo"}, "spec": {"type": "LoadBalancer",
               "loadBalancerClass": "fairlead.io/fairlead", "clusterIP": "203.0.113.2", "ports": [{"port": 80}]}}
            ]}
            """);
        Path slices = Files.writeString(directory.resolve("slices.yaml"), """
            kind: EndpointSlice
            metadata: {namespace: shop, name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{port: 8080}]
            endpoints: [{addresses: [192.0.2.21]}]
            """);

        int code = run("kubernetes", "plan", "-c", file.toString(), "--from", services.toString(), slices.toString());

        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines())
                .containsExactly(
                        "NAME      SERVICE               REAL SERVER      WEIGHT  FORWARDING",
                        "shop/web  TCP 198.51.100.10:80  192.0.2.21:8080       1  nat",
                        "shop/zoo  -                     -                     -  -");
        assertThat(err.toString()).startsWith("shop/zoo: no pool has a free address of");
    }

    @Test
    void refusesObjectsThatAreNone() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.json"), "{\"kind\": \"Service\", \"spec\": {}}");

        assertThat(run("kubernetes", "plan", "-c", file("").toString(), "--from", broken.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("broken.json: a Service without metadata");
    }

    @Test
    void importsKeepalivedAndSaysWhatItCouldNotCarryOver() throws IOException {
        Path keepalived = Files.writeString(directory.resolve("keepalived.conf"), """
            virtual_server 192.0.2.10 80 {
              protocol TCP
              @edge lvs_sched rr
              @other lvs_sched sh
              frobnicate
              real_server 198.51.100.11 80 {
              }
            }
            """);

        assertThat(run("import", "keepalived", "-i", "edge", keepalived.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(err.toString())
                .isEqualTo(keepalived + ":5: frobnicate: not carried over: has no counterpart in Fairlead"
                        + System.lineSeparator());
        assertThat(out.toString()).contains("scheduler = rr");
        assertThat(run("config", "check", file(out.toString()).toString())).isEqualTo(ExitCode.OK);
    }

    @Test
    void saysWhyAFileCannotBeImported() {
        assertThat(run("import", "keepalived", directory.resolve("none").toString()))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).startsWith("fairlead: ").contains("none: no such file");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void completesCommandsAndAsksForNames(String shell) {
        assertThat(run("completion", shell)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("set-weight", "confirm-within", "fairlead names");
    }

    @Test
    void aFullDiskIsNoticed() throws IOException {
        assumeThat(Files.exists(Path.of("/dev/full"))).as("needs /dev/full").isTrue();
        try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
            CheckedOutput output = new CheckedOutput(full);

            FairleadCommand.commandLine().setOut(output.writer()).execute("--version");

            assertThat(output.failure())
                    .hasValueSatisfying(message -> assertThat(message).contains("No space"));
        }
    }

    @Test
    void helpNamesEveryExitCode() {
        run("--help");

        assertThat(out.toString())
                .contains(
                        "0   done", "1   failed", "2   the command line", "3   the configuration", "4   no appliance");
    }

    @Test
    void checkAcceptsAGoodFile() throws IOException {
        Path file = file(GOOD);

        assertThat(run("config", "check", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualToNormalizingNewlines(file + ": valid, 1 virtual server, 2 real servers\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void checkNamesFileAndLineOfEveryMistake() throws IOException {
        Path file = file(GOOD.replace("port = 80", "port = 80000").replace("weight = 3", "wait = 3"));

        assertThat(run("config", "check", file.toString())).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines().toList()).hasSize(2);
        assertThat(err.toString()).contains(file + ":6: ", "80000", file + ":7: ", "wait");
    }

    @Test
    void checkWarnsOfKeysThatAreNotThereAndStillAccepts() throws IOException {
        Path file = file("""
            fairlead.high-availability {
              bind-address = "192.0.2.2", peers = ["192.0.2.3"], secret-file = "/nowhere/cluster.key"
            }
            """);

        assertThat(run("config", "check", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(file + ":2: fairlead.high-availability.secret-file: /nowhere/cluster.key:"
                        + " no such file (expected: keys, one a line: fairlead ha key)\n");
    }

    @Test
    void checkRefusesAFileThatIsNotThere() {
        Path file = directory.resolve("missing.conf");

        assertThat(run("config", "check", file.toString())).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).isEqualToNormalizingNewlines(file + ": no such file\n");
    }

    @Test
    void showPrintsAFileThatCanBeLoadedAgainAndShowsTheSame() throws IOException {
        assertThat(run("config", "show", file(GOOD).toString())).isEqualTo(ExitCode.OK);
        String shown = out.toString();
        assertThat(shown).contains("edge-a", "192.0.2.10", "scheduler", "weight");

        assertThat(run("config", "check", file(shown).toString())).isEqualTo(ExitCode.OK);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void showRefusesABadFile() throws IOException {
        Path file = file("fairlead {\n  nod-name = x\n}\n");

        assertThat(run("config", "show", file.toString())).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith(file + ":2: ").contains("nod-name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "reload",
                "plan",
                "status -o json",
                "confirm",
                "events",
                "explain --vs web --client 203.0.113.7",
                "top -n 1",
                "vs list",
                "rs drain web/web-1",
                "names vs"
            })
    void withoutAnApplianceExitsWith4AndAHint(String line) {
        Path socket = directory.resolve("admin.sock");

        assertThat(run((line + " --socket " + socket).split(" ", -1))).isEqualTo(ExitCode.NOT_RUNNING);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("fairlead: no appliance answers on " + socket, "fairlead: hint: ");
    }

    @Test
    void runRefusesABadFileBeforeAnythingElse() throws IOException {
        Path file = file("fairlead {\n  nod-name = x\n}\n");

        int exitCode = run("run", "--config", file.toString());

        assertThat(exitCode).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains(file + ":2: ", "nod-name").doesNotContain("\tat ");
    }

    @Test
    @Timeout(60)
    void runNamesTheModuleThatAKernelWithoutIpvsLacks() throws IOException {
        assumeThat(System.getProperty("os.name").toLowerCase(Locale.ROOT))
                .as("needs Linux")
                .isEqualTo("linux");
        assumeThat(hasIpvs())
                .as("needs a kernel without IPVS; on this one the appliance would start")
                .isFalse();
        Path file = file("fairlead.admin.socket = \"" + directory.resolve("admin.sock") + "\"\n");

        assertThat(run("run", "--config", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("ip_vs").doesNotContain("\tat ");
    }

    /** Loaded, built in, or a module that opening the table would load. */
    private static boolean hasIpvs() throws IOException {
        String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        Path modules = Path.of("/lib/modules", release, "modules.dep");
        return Files.exists(Path.of("/proc/net/ip_vs"))
                || (Files.exists(modules) && Files.readString(modules).contains("/ip_vs.ko"));
    }

    @Test
    void printsAnotherKeyEachTime() {
        assertThat(run("ha", "key")).isEqualTo(ExitCode.OK);
        assertThat(run("ha", "key")).isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines()).hasSize(2).doesNotHaveDuplicates().allMatch(line -> line.length() == 44);
    }
}
