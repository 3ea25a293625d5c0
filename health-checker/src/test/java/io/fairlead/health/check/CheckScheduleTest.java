package io.fairlead.health.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.Health;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckScheduleTest {

    private static final MonotonicInstant START = new MonotonicInstant(Long.MAX_VALUE - 5); // overflows on the way
    private static final CheckSchedule EVERY_SECOND =
            new CheckSchedule(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(10));

    private static CheckSpec every(Duration interval) {
        return new CheckSpec(new TcpProbeSpec(), interval, interval, 2, 3);
    }

    private static List<CheckTarget> targets(int count, Duration interval) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> new ServerAddress(new IpAddress(IpFamily.IPV4, 0, 0xc6336400L + i % 256), 8000 + i / 256))
                .map(address -> new CheckTarget(address, every(interval)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 1000, 5000, 3_600_000})
    void firstProbesAreSpreadEvenlyOverTheIntervalButAtMostOneSecond(long intervalMillis) {
        Duration interval = Duration.ofMillis(intervalMillis);
        long spreadNanos = Duration.ofMillis(Math.min(intervalMillis, 1000)).toNanos();
        int[] tenths = new int[10];

        for (CheckTarget target : targets(10_000, interval)) {
            long delayNanos = CheckSchedule.of(target).firstDelay().toNanos();
            assertThat(delayNanos).isBetween(0L, spreadNanos - 1);
            tenths[(int) (delayNanos * 10 / spreadNanos)]++;
        }

        assertThat(IntStream.of(tenths).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150)); // 1000 and five sigma
    }

    @Test
    void periodIsNeverShorterThanTheIntervalAndAtMostOne32ndLonger() {
        Duration interval = Duration.ofSeconds(2);

        assertThat(targets(10_000, interval))
                .allSatisfy(target -> assertThat(CheckSchedule.of(target).period())
                        .isBetween(interval, interval.plus(interval.dividedBy(32))));
    }

    @Test
    void probesBeginTogetherOnTicksAndNeverBeforeTheyAreDue() {
        MonotonicInstant tick = CheckSchedule.tickAfter(START);
        assertThat(tick.since(START)).isBetween(Duration.ZERO, CheckSchedule.TICK.minusNanos(1));

        for (Duration later : List.of(Duration.ofNanos(1), Duration.ofMillis(1), CheckSchedule.TICK)) {
            assertThat(CheckSchedule.tickAfter(tick.plus(later))).isEqualTo(tick.plus(CheckSchedule.TICK));
        }
        assertThat(CheckSchedule.tickAfter(tick)).isEqualTo(tick);
    }

    @Test
    void targetsThatBeginTogetherDoNotStayTogether() {
        // 100 targets with a 10 s interval begin within 1 s; ten minutes later they fill the interval.
        Duration interval = Duration.ofSeconds(10);
        boolean[] tenthsUsed = new boolean[10];

        for (CheckTarget target : targets(100, interval)) {
            CheckSchedule schedule = CheckSchedule.of(target);
            MonotonicInstant due = schedule.firstDue(START);
            for (int i = 0; i < 60; i++) {
                due = schedule.nextDue(due, due, Health.HEALTHY);
            }
            tenthsUsed[(int) (due.since(START).toMillis() % 10_000 / 1000)] = true;
        }

        assertThat(tenthsUsed).doesNotContain(false);
    }

    @Test
    void isTheSameInEveryProcess() {
        ProbeSpec http = new HttpProbeSpec(
                "GET", "/healthz", Optional.of("www.example.com"), List.of(new StatusRange(200, 299)));
        CheckSpec spec = new CheckSpec(http, Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3);

        CheckSchedule schedule = CheckSchedule.of(new CheckTarget(ServerAddress.parse("[2001:db8::1]:443"), spec));

        // Taken from one run: a change moves every check of every appliance at its upgrade, which is harmless but be
        // aware.
        assertThat(schedule)
                .isEqualTo(new CheckSchedule(
                        Duration.ofNanos(742_896_815),
                        Duration.ofNanos(1_016_761_688),
                        Duration.ofNanos(1_016_761_688)));
    }

    @Test
    void nextProbeKeepsTheGridWhenTheLastEndedInTime() {
        MonotonicInstant due = EVERY_SECOND.firstDue(START);

        MonotonicInstant next = EVERY_SECOND.nextDue(due, due.plus(Duration.ofMillis(999)), Health.HEALTHY);

        assertThat(next.since(START)).isEqualTo(Duration.ofMillis(1300));
        assertThat(EVERY_SECOND.missed(due, due.plus(Duration.ofMillis(999)), Health.HEALTHY))
                .isZero();
    }

    @Test
    void probeThatEndedALittleTooLateIsFollowedAtOnceAndNothingIsMissed() {
        MonotonicInstant due = START;
        MonotonicInstant now = due.plus(Duration.ofMillis(1001));

        assertThat(EVERY_SECOND.nextDue(due, now, Health.HEALTHY).since(due)).isEqualTo(Duration.ofSeconds(1));
        assertThat(EVERY_SECOND.missed(due, now, Health.HEALTHY)).isZero();
    }

    @Test
    void probesThatHadNoTurnAreDroppedAndCounted() {
        MonotonicInstant due = START;
        MonotonicInstant now = due.plus(Duration.ofMillis(4500));

        assertThat(EVERY_SECOND.nextDue(due, now, Health.HEALTHY).since(due)).isEqualTo(Duration.ofSeconds(4));
        assertThat(EVERY_SECOND.missed(due, now, Health.HEALTHY)).isEqualTo(3);
    }

    @Test
    void anUnhealthyTargetHasASpacingOfItsOwn() {
        MonotonicInstant due = START.plus(Duration.ofMillis(300));

        assertThat(EVERY_SECOND.nextDue(due, due, Health.UNHEALTHY).since(due)).isEqualTo(Duration.ofSeconds(10));
        assertThat(EVERY_SECOND.nextDue(due, due, Health.UNKNOWN).since(due)).isEqualTo(Duration.ofSeconds(1));
        assertThat(EVERY_SECOND.missed(due, due.plus(Duration.ofSeconds(9)), Health.UNHEALTHY))
                .isZero();
        assertThat(EVERY_SECOND.missed(due, due.plus(Duration.ofSeconds(9)), Health.HEALTHY))
                .isEqualTo(8);
    }
}
