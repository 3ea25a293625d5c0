package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.ExplainReport;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.kernel.RealServerStats;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.RealServerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {

    private static final int MAGLEV_SLOTS = 4093;

    @TempDir
    Path directory;

    private ConfiguredVirtualServer configured(String scheduler) throws IOException {
        Path file = Files.writeString(directory.resolve("fairlead.conf"), """
            fairlead.virtual-servers.web {
              address = "192.0.2.10", port = 80, scheduler = %s
              sorry-server { address = "198.51.100.1" }
              real-servers = [
                { name = web-1, address = "198.51.100.13" }
                { name = web-2, address = "198.51.100.11" }
                { name = web-3, address = "198.51.100.12" }
              ]
            }
            """.formatted(scheduler));
        return ((ConfigOutcome.Accepted) ConfigFile.load(file))
                .config()
                .virtualServers()
                .getFirst();
    }

    /** The kernel lists what came last first. */
    @ParameterizedTest
    @ValueSource(strings = {"wlc", "sh"})
    void listsRealServersAsTheConfigurationDoes(String scheduler) throws IOException {
        ConfiguredVirtualServer web = configured(scheduler);
        List<RealServer> held = Stream.concat(
                        Stream.of(
                                web.spec().policy().sorryServer().orElseThrow().realServer()),
                        web.spec().realServers().reversed().stream().map(RealServerSpec::realServer))
                .toList();

        ExplainReport report = new Explanation(web, IpAddress.parse("203.0.113.7"), OptionalInt.empty(), MAGLEV_SLOTS)
                .of(
                        Optional.of(Pool.of(web.spec().virtualServer(), held)),
                        held.stream()
                                .map(realServer -> RealServerStats.none(realServer.key()))
                                .toList());

        assertThat(report.weighed())
                .extracting(ExplainReport.Weighed::realServer)
                .containsExactly("web-1", "web-2", "web-3", "sorry server");
    }
}
