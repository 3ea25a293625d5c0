package io.fairlead.appliance.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.host.HostView.ModuleLine;
import io.fairlead.appliance.host.HostView.SysctlLine;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.kernel.ModuleTable.State;
import io.fairlead.core.kernel.testing.FakeSysctlTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeeperTest {

    @TempDir
    Path folder;

    private final FakeSysctlTable kernel =
            new FakeSysctlTable().with("net.ipv4.ip_forward", "0").with("net.ipv6.conf.all.forwarding", "1");
    private final List<Map<String, Original>> notes = new ArrayList<>();
    private final HostKeeper keeper = new HostKeeper(
            kernel, module -> module.equals("ip_vs_mh") ? State.MISSING : State.LOADED, Map.of(), notes::add);

    @AfterEach
    void close() {
        keeper.close();
    }

    private FairleadConfig config(String text) throws IOException {
        return switch (ConfigFile.load(Files.writeString(folder.resolve("fairlead.conf"), text))) {
            case ConfigOutcome.Accepted accepted -> accepted.config();
            case ConfigOutcome.Refused refused -> throw new AssertionError(refused.report());
        };
    }

    @Test
    void showsWhatIsSetWhatWasBeforeAndNotesItOnce() throws IOException {
        List<String> failing = keeper.follow(config("fairlead.sysctls.ip-forward = true"));
        HostView view = keeper.look();

        assertThat(failing).isEmpty();
        assertThat(view.sysctls())
                .containsExactly(
                        new SysctlLine("net.ipv4.ip_forward", "1", Optional.of("1"), Optional.of("0")),
                        new SysctlLine("net.ipv6.conf.all.forwarding", "1", Optional.of("1"), Optional.empty()));
        assertThat(notes).containsExactly(Map.of("net.ipv4.ip_forward", new Original("0", "1")));
    }

    @Test
    void whoeverLooksChangesNothingAndTheAuditMends() throws IOException {
        keeper.follow(config("fairlead.sysctls.ip-forward = true"));
        kernel.write("net.ipv4.ip_forward", "0");

        HostView seen = keeper.look();
        keeper.audit();

        assertThat(seen.sysctls().getFirst().value()).contains("0");
        assertThat(seen.drift()).isZero();
        assertThat(keeper.look().sysctls().getFirst().value()).contains("1");
        assertThat(keeper.look().drift()).isOne();
    }

    @Test
    void tellsWhichModulesAConfigurationUsesAndWhichAreMissing() throws IOException {
        List<String> failing = keeper.follow(config("""
            fairlead {
              virtual-addresses.routed { interface = vip0, dummy = true, addresses = ["192.0.2.10"] }
              virtual-servers {
                web { address = "192.0.2.10", port = 80, scheduler = mh, source-nat = true
                  real-servers = [{ address = "198.51.100.11" }] }
                sip { address = "192.0.2.10", port = 5060, protocol = udp, persistence.engine = sip
                  health-check.type = none, real-servers = [{ address = "198.51.100.11" }] }
              }
            }
            """));

        assertThat(keeper.look().modules().stream().map(ModuleLine::name))
                .containsExactly(
                        "dummy",
                        "ip_vs",
                        "ip_vs_mh",
                        "ip_vs_pe_sip",
                        "ip_vs_wlc",
                        "nf_conntrack",
                        "nf_tables",
                        "nft_chain_nat",
                        "nft_ct",
                        "nft_masq");
        assertThat(failing)
                .containsExactly("kernel module ip_vs_mh is not on this host"
                        + " (expected: a kernel package that has it, or a kernel built with it)");
    }

    @Test
    void aStopPutsBackWhatIsNotToOutliveIt() throws IOException {
        keeper.follow(config("fairlead.sysctls { ip-forward = true, on-stop = restore }"));

        keeper.close();

        assertThat(kernel.read("net.ipv4.ip_forward")).contains("0");
        assertThat(notes.getLast()).isEmpty();
    }
}
