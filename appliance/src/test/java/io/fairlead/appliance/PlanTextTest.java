package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.loop.PlanOutcome;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.reconcile.IpvsPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static final PlanOutcome NOTHING =
            new PlanOutcome(new IpvsPlan(List.of()), List.of(), Set.of(), List.of("1 of 2 virtual servers"), List.of());

    private static FairleadConfig example(String name) {
        return ((ConfigOutcome.Accepted) ConfigFile.load(Path.of("../conf/examples", name))).config();
    }

    @Test
    void remarksThatAddressesOfVirtualRoutersComeAndGo() {
        assertThat(PlanText.remarks(example("failover-pair.conf"), List.of(), NOTHING))
                .containsExactly(
                        "held back unless forced: 1 of 2 virtual servers",
                        "virtual router inside: its addresses come and go by election, and are not among the lines:"
                                + " 198.51.100.1",
                        "virtual router outside: its addresses come and go by election, and are not among the lines:"
                                + " 192.0.2.10");
    }

    @Test
    void hasNothingToRemarkOfASingleAppliance() {
        assertThat(PlanText.remarks(example("minimal.conf"), List.of(), NOTHING))
                .containsExactly("held back unless forced: 1 of 2 virtual servers");
    }

    @Test
    void quotesForAShellWhatConnectionSyncSets() {
        assertThat(PlanText.lines(
                        NOTHING, example("failover-pair.conf").sysctls().settings(), List.of()))
                .contains("sysctl -w net.ipv4.vs.sync_threshold=\"3 0\"");
    }
}
