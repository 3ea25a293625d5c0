package io.fairlead.system.packages;

import static io.fairlead.system.packages.PackagedService.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tarball, unpacked where there is no Java, no package manager that knows of it, and no service manager. */
@Tag("packages")
class TarballLabTest {

    @Test
    void runsWhereItWasUnpacked() throws IOException {
        try (OwnRoot root = OwnRoot.create();
                Topology topology = Topology.create()) {
            NetworkHost edge = topology.host("edge");
            Command.run("tar", "-C", root.text(), "-xzf", BuiltPackages.tarball());
            assertThat(root.path("usr/lib/jvm")).doesNotExist();
            Files.writeString(root.path("etc/fairlead/fairlead.conf"), """
                fairlead.virtual-servers.web {
                  address = "192.0.2.10", port = 80, health-check.type = none
                  real-servers = [ { address = "198.51.100.11" } ]
                }
                """);

            RunningProcess appliance = edge.start(root.inside("fairlead", "run"));
            appliance.awaitErrorLine("Configuration applied", PATIENCE);

            assertThat(edge.run("ipvsadm", "-Sn").orThrow().out()).contains("-t 192.0.2.10:80 -r 198.51.100.11:80");
            assertThat(edge.run(PATIENCE, root.inside("fairlead", "status"))
                            .orThrow()
                            .out())
                    .contains("192.0.2.10:80");

            appliance.stop();
            assertThat(edge.run(PATIENCE, root.inside("fairlead", "clear"))
                            .orThrow()
                            .out())
                    .startsWith("removed 1 virtual server,");
            assertThat(edge.run("ipvsadm", "-Sn").orThrow().out()).isEmpty();
        }
    }
}
