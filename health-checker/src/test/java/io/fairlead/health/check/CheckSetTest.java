package io.fairlead.health.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.Verdict;
import io.fairlead.health.check.CheckSet.NamedCheck;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckSetTest {

    private static CheckTarget target(int number) {
        return new CheckTarget(
                ServerAddress.parse("198.51.100." + number + ":80"),
                new CheckSpec(new TcpProbeSpec(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1));
    }

    private static Verdict of(CheckRequirement require, Verdict... verdicts) {
        List<NamedCheck> checks = IntStream.range(0, verdicts.length)
                .mapToObj(number -> new NamedCheck("check-" + number, target(number + 1)))
                .toList();
        return new CheckSet(require, checks).verdict(target -> verdicts[indexOf(checks, target)]);
    }

    private static int indexOf(List<NamedCheck> checks, CheckTarget target) {
        return checks.stream().map(NamedCheck::target).toList().indexOf(target);
    }

    @ParameterizedTest
    @CsvSource({
        "ALL, HEALTHY,   HEALTHY,   HEALTHY",
        "ALL, HEALTHY,   UNKNOWN,   UNKNOWN",
        "ALL, HEALTHY,   UNHEALTHY, UNHEALTHY",
        "ALL, UNKNOWN,   UNKNOWN,   UNKNOWN",
        "ALL, UNKNOWN,   UNHEALTHY, UNHEALTHY",
        "ALL, UNHEALTHY, UNHEALTHY, UNHEALTHY",
        "ANY, HEALTHY,   HEALTHY,   HEALTHY",
        "ANY, HEALTHY,   UNKNOWN,   HEALTHY",
        "ANY, HEALTHY,   UNHEALTHY, HEALTHY",
        "ANY, UNKNOWN,   UNKNOWN,   UNKNOWN",
        "ANY, UNKNOWN,   UNHEALTHY, UNKNOWN",
        "ANY, UNHEALTHY, UNHEALTHY, UNHEALTHY",
    })
    void twoChecksAddUpWhateverTheirOrder(CheckRequirement require, Health one, Health other, Health together) {
        assertThat(of(require, Verdict.of(one), Verdict.of(other)).health()).isEqualTo(together);
        assertThat(of(require, Verdict.of(other), Verdict.of(one)).health()).isEqualTo(together);
    }

    @Test
    void oneCheckSaysItAllWithItsWeight() {
        Verdict weighed = new Verdict(Health.HEALTHY, OptionalInt.of(7));

        assertThat(of(CheckRequirement.ALL, weighed)).isEqualTo(weighed);
        assertThat(of(CheckRequirement.ANY, Verdict.UNKNOWN)).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void theLowestWeightThatIsAskedForCounts() {
        Verdict seven = new Verdict(Health.HEALTHY, OptionalInt.of(7));
        Verdict three = new Verdict(Health.HEALTHY, OptionalInt.of(3));

        assertThat(of(CheckRequirement.ALL, Verdict.HEALTHY, seven, three).weight())
                .hasValue(3);
        assertThat(of(CheckRequirement.ANY, three, Verdict.UNHEALTHY, seven).weight())
                .hasValue(3);
    }

    @Test
    void whatIsNotHealthyHasNoWeight() {
        Verdict seven = new Verdict(Health.HEALTHY, OptionalInt.of(7));

        assertThat(of(CheckRequirement.ALL, seven, Verdict.UNHEALTHY)).isEqualTo(Verdict.UNHEALTHY);
        assertThatThrownBy(() -> new Verdict(Health.UNHEALTHY, OptionalInt.of(7)))
                .hasMessage("UNHEALTHY with weight 7 (expected: none)");
    }

    @Test
    void refusesNoCheckAndANameTwice() {
        assertThatThrownBy(() -> new CheckSet(CheckRequirement.ALL, List.of())).hasMessageStartingWith("no check");
        NamedCheck check = new NamedCheck("same", target(1));
        assertThatThrownBy(() -> new CheckSet(CheckRequirement.ALL, List.of(check, check)))
                .hasMessageStartingWith("a name twice");
    }
}
