package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesAddressesTest {

    private static final IpAddress ON_ETH0 = IpAddress.parse("198.51.100.1");
    private static final IpAddress MOVED = IpAddress.parse("203.0.113.1");
    private static final IpAddress MOVED_6 = IpAddress.parse("2001:db8::10");

    @TempDir
    private Path folder;

    @Test
    void thoseOfAPoolGoToItsVirtualRouterAndNowhereElse() throws IOException {
        FairleadConfig config = load("""
            fairlead {
              kubernetes {
                enabled = true
                address-pools {
                  fixed { addresses = ["198.51.100.0/28"], interface = eth0 }
                  moved { addresses = ["203.0.113.0/28", "2001:db8::10"], virtual-router = outside }
                }
              }
              high-availability {
                interface = eth0, bind-address = "192.0.2.1", peers = []
                virtual-routers.outside { id = 51, addresses = ["192.0.2.10"] }
              }
            }
            """);
        TreeSet<IpAddress> inUse = new TreeSet<>(List.of(ON_ETH0, MOVED, MOVED_6));

        List<VirtualAddressSpec> fixed = KubernetesAddresses.of(config.kubernetes(), inUse, List.of());

        assertThat(fixed.stream()
                        .flatMap(set -> set.addresses().stream())
                        .map(address -> address.key().address()))
                .containsExactly(ON_ETH0);
        assertThat(KubernetesAddresses.ofRouters(config.kubernetes(), inUse))
                .isEqualTo(Map.of("outside", List.of(MOVED, MOVED_6)));
    }

    private FairleadConfig load(String text) throws IOException {
        return switch (ConfigFile.load(Files.writeString(folder.resolve("fairlead.conf"), text))) {
            case ConfigOutcome.Accepted accepted -> accepted.config();
            case ConfigOutcome.Refused refused -> throw new AssertionError(refused.report());
        };
    }
}
