package io.fairlead.core.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.kernel.testing.FakeSysctlTable;
import io.fairlead.core.model.SysctlSetting;
import io.fairlead.core.policy.SysctlSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SysctlFollowerTest {

    private static final String FORWARD = "net.ipv4.ip_forward";
    private static final String CONNTRACK = "net.ipv4.vs.conntrack";
    private static final SysctlSpec ON = spec(false, FORWARD);

    private final FakeSysctlTable kernel = new FakeSysctlTable().with(FORWARD, "0");
    private final SysctlFollower follower = new SysctlFollower(kernel, Map.of());

    private static SysctlSpec spec(boolean restoreOnStop, String... names) {
        return new SysctlSpec(
                List.of(names).stream()
                        .map(name -> new SysctlSetting(name, "1"))
                        .toList(),
                restoreOnStop);
    }

    @Test
    void setsWhatIsWantedAndRemembersWhatWasThere() {
        follower.follow(ON);

        assertThat(kernel.read(FORWARD)).contains("1");
        assertThat(follower.originals()).isEqualTo(Map.of(FORWARD, new Original("0", "1")));
        assertThat(follower.drift()).isZero();
    }

    @Test
    void whatIsAsWantedAlreadyIsNotOursToPutBack() {
        kernel.with(FORWARD, "1");

        follower.follow(spec(true, FORWARD));
        follower.stop();

        assertThat(kernel.read(FORWARD)).contains("1");
        assertThat(follower.originals()).isEmpty();
    }

    @Test
    void whatOthersChangeIsSetAgainAndCounted() {
        follower.follow(ON);
        kernel.with(FORWARD, "0");

        follower.audit();

        assertThat(kernel.read(FORWARD)).contains("1");
        assertThat(follower.drift()).isEqualTo(1);
    }

    @Test
    void whatLeavesTheConfigurationIsPutBack() {
        follower.follow(ON);

        assertThat(follower.plan(SysctlSpec.NONE)).containsExactly(new SysctlSetting(FORWARD, "0"));
        follower.follow(SysctlSpec.NONE);

        assertThat(kernel.read(FORWARD)).contains("0");
        assertThat(follower.originals()).isEmpty();
    }

    @Test
    void whatSomebodyElseChangedMeanwhileIsTheirs() {
        follower.follow(ON);
        kernel.with(FORWARD, "2");

        follower.follow(SysctlSpec.NONE);

        assertThat(kernel.read(FORWARD)).contains("2");
    }

    @Test
    void aStopPutsBackOnlyWhereAskedTo() {
        follower.follow(ON);
        follower.stop();
        assertThat(kernel.read(FORWARD)).contains("1");

        follower.follow(spec(true, FORWARD));
        follower.stop();
        assertThat(kernel.read(FORWARD)).contains("0");
    }

    @Test
    void whatAnEarlierProcessChangedIsPutBackToWhatWasBeforeThat() {
        kernel.with(FORWARD, "1");
        SysctlFollower next = new SysctlFollower(kernel, Map.of(FORWARD, new Original("0", "1")));

        next.follow(ON);
        next.follow(SysctlSpec.NONE);

        assertThat(kernel.read(FORWARD)).contains("0");
    }

    @Test
    void whatTheKernelLacksIsToldAndTriedAgain() {
        follower.follow(spec(false, CONNTRACK, FORWARD));
        assertThat(follower.failing()).singleElement().asString().contains(CONNTRACK, "expected: module ip_vs");
        assertThat(kernel.read(FORWARD)).contains("1");

        kernel.with(CONNTRACK, "0"); // the module is loaded
        follower.audit();

        assertThat(follower.failing()).isEmpty();
        assertThat(kernel.read(CONNTRACK)).contains("1");
        assertThat(follower.drift()).as("nobody had changed it").isZero();
    }

    @Test
    void aRefusalIsTold() {
        kernel.refuse(FORWARD);

        follower.follow(ON);

        assertThat(follower.failing()).containsExactly("set sysctl net.ipv4.ip_forward to 1: refused");
        assertThat(follower.originals()).isEmpty();
    }
}
