package io.fairlead.core.policy;

import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test drives one virtual server through time: {@link #decide} obeys the decision and shows the pool as text. */
class DesiredPoolTest {

    private static final String WEB = "192.0.2.10:443";
    private static final Map<String, String> ADDRESSES =
            Map.of("a", "198.51.100.1:80", "b", "198.51.100.2:80", "c", "198.51.100.3:80", "sorry", "198.51.100.99:80");

    private PoolPolicy policy = PoolPolicy.PLAIN;
    private final List<RealServerSpec> realServers = new ArrayList<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Map<String, MemberState.Serving> atMaster = new HashMap<>();
    private final Map<String, OperatorOverride> overrides = new HashMap<>();
    private final Map<RealServerKey, OpenConnections> connections = new HashMap<>();
    private Optional<Pool> actual = Optional.empty();
    private PoolState state = PoolState.INITIAL;
    private Optional<MonotonicInstant> wakeAt = Optional.empty();
    private MonotonicInstant now = new MonotonicInstant(0);

    private static RealServer realServer(String name, int weight) {
        return aRealServer(Objects.requireNonNull(ADDRESSES.get(name)))
                .weight(weight)
                .build();
    }

    private void configure(String name, int weight) {
        realServers.add(new RealServerSpec(name, realServer(name, weight)));
    }

    private void remove(String name) {
        realServers.removeIf(realServer -> realServer.name().equals(name));
    }

    private void healthy(String... names) {
        for (String name : names) {
            verdicts.put(name, Verdict.HEALTHY);
        }
    }

    private void unhealthy(String... names) {
        for (String name : names) {
            verdicts.put(name, Verdict.UNHEALTHY);
        }
    }

    private void kernelHolds(RealServer... held) {
        actual = Optional.of(Pool.of(aVirtualServer(WEB).pool().virtualServer(), List.of(held)));
    }

    /** Counted at every decision from now on. */
    private void open(String name, long active, long inactive) {
        connections.put(realServer(name, 0).key(), new OpenConnections(active, inactive));
    }

    private String decide() {
        return decide(new VirtualServerSpec("web", aVirtualServer(WEB).pool().virtualServer(), policy, realServers));
    }

    private String decide(VirtualServerSpec spec) {
        PoolView view = new PoolView(
                realServer -> verdicts.getOrDefault(realServer.name(), Verdict.UNKNOWN),
                realServer -> overrides.getOrDefault(realServer.name(), OperatorOverride.NONE),
                realServer -> Optional.ofNullable(atMaster.get(realServer.name())),
                actual,
                connections.isEmpty() ? Optional.empty() : Optional.of(connections));
        PoolDecision decision = DesiredPool.decide(spec, view, state, now);
        actual = Optional.of(decision.pool());
        state = decision.next();
        wakeAt = decision.wakeAt();
        return ADDRESSES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> Optional.ofNullable(decision.pool()
                                .realServers()
                                .get(aRealServer(entry.getValue()).build().key()))
                        .map(found -> entry.getKey() + "=" + found.weight())
                        .stream())
                .collect(Collectors.joining(" "));
    }

    private String after(Duration duration) {
        now = now.plus(duration);
        return decide();
    }

    private String afterSeconds(long seconds) {
        return after(Duration.ofSeconds(seconds));
    }

    @Nested
    class Health {

        @Test
        void aRealServerIsInThePoolOnceItIsHealthy() {
            configure("a", 3);
            configure("b", 2);
            healthy("a");

            assertThat(decide()).isEqualTo("a=3");
            healthy("b");
            assertThat(decide()).isEqualTo("a=3 b=2");
            assertThat(wakeAt).isEmpty();
            assertThat(state.members()).isEmpty();
        }

        @Test
        void anUnhealthyOneLeavesOrIsInhibitedAsItsVirtualServerOrItselfSays() {
            configure("a", 3);
            realServers.add(new RealServerSpec("b", realServer("b", 2), Optional.of(true)));
            healthy("a", "b");
            decide();

            unhealthy("a", "b");
            assertThat(decide()).isEqualTo("b=0");
            policy = policy.withInhibitOnFailure(true);
            assertThat(decide()).isEqualTo("a=0 b=0");
        }

        @Test
        void oneWithoutAVerdictKeepsThePlaceItHasInTheKernel() {
            configure("a", 3);
            configure("b", 2);
            configure("c", 1);
            kernelHolds(realServer("a", 7), realServer("b", 0));

            assertThat(decide()).isEqualTo("a=3 b=0");
        }

        @Test
        void aCheckMayAskForAWeight() {
            configure("a", 3);
            verdicts.put("a", new Verdict(io.fairlead.core.policy.Health.HEALTHY, OptionalInt.of(9)));

            assertThat(decide()).isEqualTo("a=9");
        }
    }

    @Nested
    class TheOperator {

        @Test
        void setsAWeightThatWinsOverTheOthers() {
            configure("a", 3);
            verdicts.put("a", new Verdict(io.fairlead.core.policy.Health.HEALTHY, OptionalInt.of(9)));
            overrides.put("a", OperatorOverride.NONE.withWeight(OptionalInt.of(5)));

            assertThat(decide()).isEqualTo("a=5");
        }

        @Test
        void disablesARealServerAtOnce() {
            configure("a", 3);
            configure("b", 3);
            healthy("a", "b");
            decide();
            open("a", 100, 0);
            overrides.put("a", OperatorOverride.NONE.withState(AdminState.DISABLED, Optional.empty()));

            assertThat(decide()).isEqualTo("b=3");
        }

        @Test
        void drainsARealServerUntilItsConnectionsHaveEndedAndItStaysOut() {
            configure("a", 3);
            configure("b", 3);
            healthy("a", "b");
            decide();
            open("a", 2, 1);
            overrides.put("a", OperatorOverride.NONE.withState(AdminState.DRAINED, Optional.empty()));

            assertThat(decide()).isEqualTo("a=0 b=3");
            assertThat(afterSeconds(30)).isEqualTo("a=0 b=3");
            open("a", 0, 0);
            assertThat(afterSeconds(1)).isEqualTo("b=3");
            connections.clear();
            assertThat(afterSeconds(1000)).isEqualTo("b=3");
            overrides.clear();
            assertThat(decide()).isEqualTo("a=3 b=3");
        }

        @Test
        void givesADrainATimeOfItsOwn() {
            configure("a", 3);
            healthy("a");
            decide();
            open("a", 1, 0);
            overrides.put("a", OperatorOverride.NONE.withState(AdminState.DRAINED, Optional.of(Duration.ofSeconds(7))));
            decide();

            assertThat(afterSeconds(6)).isEqualTo("a=0");
            assertThat(afterSeconds(1)).isEmpty();
        }

        @Test
        void drainsNothingThatIsNotThere() {
            configure("a", 3);
            healthy("a");
            overrides.put("a", OperatorOverride.NONE.withState(AdminState.DRAINED, Optional.empty()));

            assertThat(decide()).isEmpty();
            assertThat(wakeAt).isEmpty();
        }
    }

    @Nested
    class ADrain {

        private void begin() {
            configure("a", 3);
            configure("b", 3);
            healthy("a", "b");
            decide();
            remove("a");
        }

        @Test
        void isWhatHappensToARealServerThatLeftTheConfiguration() {
            begin();

            assertThat(decide()).isEqualTo("a=0 b=3");
            assertThat(wakeAt).as("to count its connections right away").contains(now);
            assertThat(state.isDraining()).isTrue();
        }

        @Test
        void endsAtOnceWhenNothingIsOpen() {
            begin();
            decide();
            open("a", 0, 0);

            assertThat(decide()).isEqualTo("b=3");
            assertThat(state.members()).isEmpty();
        }

        @Test
        void endsAtItsDeadlineWhateverIsOpen() {
            begin();
            open("a", 1, 0);
            decide();

            assertThat(afterSeconds(59)).isEqualTo("a=0 b=3");
            assertThat(afterSeconds(1)).isEqualTo("b=3");
        }

        @Test
        void endsWhenNothingHasBeenActiveForAWhileThoughTimersStillRun() {
            begin();
            open("a", 0, 5);
            decide();

            assertThat(afterSeconds(4)).isEqualTo("a=0 b=3");
            assertThat(afterSeconds(1)).isEqualTo("b=3");
        }

        @Test
        void isNotOverWhenAHandshakeThatWasUnderWayCompletes() {
            begin();
            open("a", 0, 1);
            decide();
            open("a", 1, 0);
            afterSeconds(4);
            open("a", 0, 1);

            assertThat(afterSeconds(1)).isEqualTo("a=0 b=3");
            assertThat(afterSeconds(4)).isEqualTo("a=0 b=3");
            assertThat(afterSeconds(1)).isEqualTo("b=3");
        }

        @Test
        void goesOnWithoutACountUntilItsDeadline() {
            begin();
            decide();

            assertThat(afterSeconds(59)).isEqualTo("a=0 b=3");
            assertThat(afterSeconds(1)).isEqualTo("b=3");
        }

        @Test
        void isCountedSeldomWhenItTakesLong() {
            policy = policy.withDrainTimeout(Duration.ofHours(1));
            begin();
            open("a", 1, 0);
            decide();
            int counts = 0;
            while (state.isDraining()) {
                now = wakeAt.orElseThrow();
                decide();
                counts++;
            }

            assertThat(now).isEqualTo(new MonotonicInstant(0).plus(Duration.ofHours(1)));
            assertThat(counts).isBetween(350, 400);
        }

        @Test
        void isForgottenWhenTheRealServerComesBack() {
            begin();
            open("a", 1, 0);
            decide();
            configure("a", 2);

            assertThat(afterSeconds(10)).isEqualTo("a=2 b=3");
            remove("a");
            decide();
            assertThat(afterSeconds(59)).as("its deadline begins anew").isEqualTo("a=0 b=3");
        }

        @Test
        void ofZeroRemovesAtOnce() {
            policy = policy.withDrainTimeout(Duration.ZERO);
            begin();
            open("a", 9, 9);

            assertThat(decide()).isEqualTo("b=3");
        }

        @Test
        void isWhatBecomesOfAnAdditionByHandAndOfAWholeVirtualServer() {
            configure("b", 3);
            healthy("b");
            kernelHolds(realServer("a", 5), realServer("b", 3));
            open("a", 1, 0);
            open("b", 1, 0);

            assertThat(decide()).isEqualTo("a=0 b=3");
            VirtualServerSpec spec =
                    new VirtualServerSpec("web", aVirtualServer(WEB).pool().virtualServer(), policy, realServers);
            assertThat(decide(spec.leaving())).isEqualTo("a=0 b=0");
            open("b", 0, 0);
            assertThat(decide(spec.leaving())).isEqualTo("a=0");
            now = now.plus(Duration.ofMinutes(1));
            assertThat(decide(spec.leaving())).isEmpty();
        }

        @Test
        void keepsEverythingButTheWeight() {
            configure("b", 3);
            RealServer tunnelled = aRealServer("198.51.100.1:80")
                    .forwarding(io.fairlead.core.model.ForwardingMethod.DIRECT_ROUTE)
                    .thresholds(9, 5)
                    .weight(4)
                    .build();
            kernelHolds(tunnelled);
            decide();

            assertThat(actual.orElseThrow().realServers()).containsEntry(tunnelled.key(), tunnelled.withWeight(0));
        }
    }

    @Nested
    class TheSorryServer {

        private void configured(boolean inhibit) {
            policy = policy.withQuorum(new Quorum(2, 0))
                    .withSorryServer(new SorryServer(realServer("sorry", 1), inhibit));
            configure("a", 1);
            configure("b", 1);
        }

        @Test
        void waitsUntilItIsCertainThatTheQuorumIsLost() {
            configured(false);

            assertThat(decide()).isEmpty();
            healthy("a");
            assertThat(decide()).isEqualTo("a=1");
            unhealthy("b");
            assertThat(decide()).isEqualTo("a=0 sorry=1");
        }

        @Test
        void takesOverWhileTheConnectionsOfTheLiveGoOnAndDrainsWhenTheQuorumIsBack() {
            configured(false);
            healthy("a", "b");
            assertThat(decide()).isEqualTo("a=1 b=1");
            unhealthy("b");
            assertThat(decide()).isEqualTo("a=0 sorry=1");

            healthy("b");
            open("sorry", 4, 0);
            assertThat(decide()).isEqualTo("a=1 b=1 sorry=0");
            open("sorry", 0, 0);
            assertThat(afterSeconds(1)).isEqualTo("a=1 b=1");
        }

        @Test
        void staysWithWeightZeroIfItIsInhibited() {
            configured(true);
            healthy("a", "b");

            assertThat(decide()).isEqualTo("a=1 b=1 sorry=0");
            unhealthy("a");
            assertThat(decide()).isEqualTo("b=0 sorry=1");
        }

        @Test
        void isNeededWhenTheOperatorDrainsTooMuch() {
            configured(false);
            healthy("a", "b");
            decide();
            overrides.put("a", OperatorOverride.NONE.withState(AdminState.DISABLED, Optional.empty()));

            assertThat(decide()).isEqualTo("b=0 sorry=1");
        }

        @Test
        void stillServesAfterARestartThatRemembersNothing() {
            configured(false);
            kernelHolds(realServer("a", 0), realServer("sorry", 1));
            policy = policy.withQuorum(new Quorum(1, 0));

            assertThat(decide()).isEqualTo("a=0 sorry=1");
            healthy("a");
            assertThat(decide()).isEqualTo("a=1 sorry=0");
        }
    }

    @Nested
    class ASlowStart {

        private void configured() {
            policy = policy.withSlowStart(Duration.ofSeconds(30));
            configure("a", 3);
            configure("b", 3);
            kernelHolds(realServer("a", 3));
            healthy("a");
            assertThat(decide()).as("what serves already does not start").isEqualTo("a=3");
        }

        @Test
        void letsTheWeightGrow() {
            configured();
            healthy("b");

            assertThat(decide()).isEqualTo("a=3 b=1");
            assertThat(wakeAt).contains(now.plus(Duration.ofSeconds(15)));
            assertThat(afterSeconds(15)).isEqualTo("a=3 b=2");
            assertThat(afterSeconds(15)).isEqualTo("a=3 b=3");
            assertThat(wakeAt).isEmpty();
        }

        @Test
        void isAsFarAsAtTheMasterWhichHasTheTraffic() {
            configured();
            healthy("b");
            assertThat(decide()).isEqualTo("a=3 b=1");

            atMaster.put("b", new MemberState.Serving(Optional.of(now.plus(Duration.ofSeconds(-20)))));
            assertThat(decide()).isEqualTo("a=3 b=2");
            atMaster.put("a", new MemberState.Serving(Optional.of(now)));
            assertThat(decide()).as("that one is starting there").isEqualTo("a=1 b=2");
        }

        @Test
        void goesOnWhereTheMasterWasWhenThatIsGone() {
            configured();
            healthy("b");
            atMaster.put("b", new MemberState.Serving(Optional.of(now.plus(Duration.ofSeconds(-20)))));
            assertThat(decide()).isEqualTo("a=3 b=2");

            atMaster.clear();
            assertThat(afterSeconds(5)).isEqualTo("a=3 b=2");
            assertThat(afterSeconds(5)).as("at the end of its thirty seconds").isEqualTo("a=3 b=3");
        }

        @Test
        void isNoneHereWhereItIsNoneThere() {
            configured();
            healthy("b");
            atMaster.put("b", new MemberState.Serving(Optional.empty()));

            assertThat(decide()).isEqualTo("a=3 b=3");
            assertThat(wakeAt).isEmpty();
        }

        @Test
        void isNotMovedByAgesThatAreToldNotQuiteTheSame() {
            configured();
            healthy("b");
            assertThat(decide()).isEqualTo("a=3 b=1");
            PoolState before = state;

            atMaster.put("b", new MemberState.Serving(Optional.of(now.plus(Duration.ofMillis(300)))));
            decide();

            assertThat(state).isEqualTo(before);
        }

        @Test
        void endsWithAFailureAndStartsOver() {
            configured();
            healthy("b");
            decide();
            afterSeconds(20);
            unhealthy("b");
            assertThat(decide()).isEqualTo("a=3");
            healthy("b");

            assertThat(afterSeconds(5)).isEqualTo("a=3 b=1");
            assertThat(afterSeconds(14)).isEqualTo("a=3 b=1");
            assertThat(afterSeconds(1)).isEqualTo("a=3 b=2");
        }

        @Test
        void doesNotBeginBecauseSomeoneElseTookTheRealServerAway() {
            configured();
            kernelHolds();

            assertThat(decide()).isEqualTo("a=3");
        }

        @Test
        void followsANewWeight() {
            configured();
            healthy("b");
            decide();
            afterSeconds(15);
            overrides.put("b", OperatorOverride.NONE.withWeight(OptionalInt.of(101)));

            assertThat(decide()).isEqualTo("a=3 b=51");
        }

        @Test
        void doesNotCostTheQuorum() {
            configured();
            policy =
                    policy.withQuorum(new Quorum(6, 0)).withSorryServer(new SorryServer(realServer("sorry", 1), false));
            healthy("b");

            assertThat(decide()).isEqualTo("a=3 b=1");
        }
    }

    /** Whatever happens, in whatever order, these hold. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void lawsOfEveryHistory(long seed) {
        Random random = new Random(seed);
        policy = policy.withSlowStart(Duration.ofSeconds(random.nextInt(3) * 10L))
                .withInhibitOnFailure(random.nextBoolean())
                .withQuorum(new Quorum(random.nextInt(1, 5), random.nextInt(3)));
        if (random.nextBoolean()) {
            policy = policy.withSorryServer(new SorryServer(realServer("sorry", 1), random.nextBoolean()));
        }
        List<String> names = List.of("a", "b", "c");
        for (int i = 0; i < 500; i++) {
            String name = names.get(random.nextInt(3));
            switch (random.nextInt(7)) {
                case 0 -> healthy(name);
                case 1 -> unhealthy(name);
                case 2 -> {
                    remove(name);
                    if (random.nextBoolean()) {
                        configure(name, random.nextInt(5));
                    }
                }
                case 3 ->
                    overrides.put(
                            name,
                            new OperatorOverride(
                                    List.of(AdminState.values()).get(random.nextInt(3)),
                                    OptionalInt.empty(),
                                    Optional.empty()));
                case 4 -> open(name, random.nextInt(2), random.nextInt(2));
                case 5 -> connections.clear();
                default -> now = now.plus(Duration.ofSeconds(random.nextInt(20)));
            }
            Optional<Pool> heldBefore = actual;
            decide();
            String context = "seed " + seed + ", step " + i;
            Pool pool = actual.orElseThrow();
            PoolState settled = state;

            for (RealServer held :
                    heldBefore.map(Pool::realServers).map(Map::values).orElse(List.of())) {
                boolean configured =
                        realServers.stream().anyMatch(spec -> spec.key().equals(held.key()));
                if (!configured && held.weight() > 0 && connections.isEmpty()) {
                    assertThat(pool.realServers())
                            .as("%s: nothing that serves is cut off by a configuration", context)
                            .containsKey(held.key());
                }
            }
            if (!state.isDraining()) { // else it may be time to count
                wakeAt.ifPresent(at -> assertThat(at.isBefore(now)).as(context).isFalse());
            }
            connections.clear();
            decide();
            assertThat(actual).as("%s: deciding again changes nothing", context).contains(pool);
            assertThat(state).as("%s: deciding again changes nothing", context).isEqualTo(settled);
        }
    }
}
