package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.SysctlSetting;
import io.fairlead.core.policy.SysctlSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlReadingTest {

    @TempDir
    Path directory;

    private ConfigOutcome load(String text) throws IOException {
        return ConfigFile.load(Files.writeString(directory.resolve("fairlead.conf"), text));
    }

    private FairleadConfig accepted(String text) throws IOException {
        return Outcomes.accepted(load(text));
    }

    @Test
    void nothingIsTouchedByDefault() throws IOException {
        assertThat(accepted("").host().sysctls()).isEqualTo(SysctlSpec.NONE);
    }

    @Test
    void keysStandForTheSettingsOfTheKernelAndComeBackWhenShown() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.sysctls {
              strict-arp = on, ip-forward = true, expire-nodest-conn = false, conn-reuse-mode = 0, on-stop = restore
            }
            """);

        assertThat(config.host().sysctls())
                .isEqualTo(new SysctlSpec(
                        List.of(
                                new SysctlSetting("net.ipv4.ip_forward", "1"),
                                new SysctlSetting("net.ipv6.conf.all.forwarding", "1"),
                                new SysctlSetting("net.ipv4.conf.all.arp_ignore", "1"),
                                new SysctlSetting("net.ipv4.conf.all.arp_announce", "2"),
                                new SysctlSetting("net.ipv4.vs.expire_nodest_conn", "0"),
                                new SysctlSetting("net.ipv4.vs.conn_reuse_mode", "0")),
                        true));
        assertThat(accepted(ConfigRenderer.render(config)).host()).isEqualTo(config.host());
    }

    @Test
    void sourceNatNeedsConnectionTracking() throws IOException {
        ConfigOutcome outcome = load("""
            fairlead.sysctls.conntrack = false
            fairlead.virtual-servers.web {
              address = "192.0.2.10", port = 80, source-nat = true
              real-servers = [{ address = "198.51.100.11" }]
            }
            """);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ConfigOutcome.Refused.class,
                        refused -> assertThat(refused.report())
                                .singleElement()
                                .asString()
                                .contains("fairlead.conf:1: fairlead.sysctls.conntrack: false (expected: true"));
    }
}
