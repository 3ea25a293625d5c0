package io.fairlead.core.reconcile;

import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aTable;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static io.fairlead.core.model.Tables.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.kernel.testing.FakeIpvsTable;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Tables;
import io.fairlead.core.model.VirtualServerKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IpvsReconcilerTest {

    private static final int SEEDS = 200;

    private static IpvsPlan plan(IpvsSnapshot desired, IpvsSnapshot actual) {
        return IpvsReconciler.plan(desired, actual, key -> true);
    }

    private static FakeIpvsTable kernelWith(IpvsSnapshot table) {
        FakeIpvsTable kernel = new FakeIpvsTable();
        table.pools().values().forEach(kernel::put);
        return kernel;
    }

    @Nested
    class Laws {

        static LongStream seeds() {
            return LongStream.range(0, SEEDS);
        }

        /** Two tables, and which keys of the second are ours, all drawn from one seed. */
        private record Case(IpvsSnapshot desired, IpvsSnapshot actual, Set<VirtualServerKey> owned) {

            static Case of(long seed) {
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
                IpvsSnapshot actual = Tables.randomTable(random);
                IpvsSnapshot desired = Tables.randomTable(random);
                Set<VirtualServerKey> owned = new HashSet<>();
                for (VirtualServerKey key : Tables.RANDOM_KEYS) {
                    if (random.nextBoolean()) {
                        owned.add(key);
                    }
                }
                return new Case(desired, actual, owned);
            }

            IpvsPlan plan() {
                return planFrom(actual);
            }

            IpvsPlan planFrom(IpvsSnapshot found) {
                return IpvsReconciler.plan(desired, found, owned::contains);
            }

            /** What is wanted, and what is there that is neither wanted nor ours. */
            IpvsSnapshot goal() {
                List<Pool> pools = new ArrayList<>(desired.pools().values());
                actual.pools().forEach((key, pool) -> {
                    if (!owned.contains(key) && !desired.pools().containsKey(key)) {
                        pools.add(pool);
                    }
                });
                return IpvsSnapshot.of(pools);
            }
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void aTableThatIsAsWantedNeedsNothing(long seed) {
            IpvsSnapshot table = Case.of(seed).actual;

            assertThat(plan(table, table).isEmpty()).isTrue();
            assertThat(plan(IpvsSnapshot.of(table.pools().values()), table).ops())
                    .isEmpty();
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void aPlanLeadsToWhatIsWantedWithoutARefusal(long seed) {
            Case given = Case.of(seed);
            FakeIpvsTable kernel = kernelWith(given.actual);

            assertThat(kernel.apply(given.plan().ops()).failures()).isEmpty();

            assertThat(kernel.read()).isEqualTo(given.goal());
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void aPlanCutAnywhereAndMadeAgainStillLeadsThere(long seed) {
            Case given = Case.of(seed);
            List<IpvsOp> ops = given.plan().ops();

            for (int cut = 0; cut <= ops.size(); cut++) {
                FakeIpvsTable kernel = kernelWith(given.actual);
                assertThat(kernel.apply(ops.subList(0, cut)).failures()).isEmpty();

                List<IpvsOp> rest = given.planFrom(kernel.read()).ops();

                assertThat(rest).isEqualTo(ops.subList(cut, ops.size()));
                assertThat(kernel.apply(rest).failures()).isEmpty();
                assertThat(kernel.read()).isEqualTo(given.goal());
            }
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void nothingIsTouchedThatIsNeitherWantedNorOurs(long seed) {
            Case given = Case.of(seed);

            assertThat(given.plan().ops())
                    .allMatch(op -> given.owned.contains(op.virtualServerKey())
                            || given.desired.pools().containsKey(op.virtualServerKey()));
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void thePhasesComeInOrderAndEachInTheOrderOfTheKeys(long seed) {
            List<IpvsOp> ops = Case.of(seed).plan().ops();

            for (int i = 1; i < ops.size(); i++) {
                int before = phase(ops.get(i - 1));
                assertThat(phase(ops.get(i))).isGreaterThanOrEqualTo(before);
                if (phase(ops.get(i)) == before) {
                    assertThat(ops.get(i).virtualServerKey())
                            .isGreaterThanOrEqualTo(ops.get(i - 1).virtualServerKey());
                }
            }
        }

        private static int phase(IpvsOp op) {
            return switch (op) {
                case IpvsOp.AddVirtualServer added -> 1;
                case IpvsOp.AddRealServer added -> 2;
                case IpvsOp.UpdateVirtualServer updated -> 3;
                case IpvsOp.UpdateRealServer updated -> 4;
                case IpvsOp.DeleteRealServer deleted -> 5;
                case IpvsOp.DeleteVirtualServer deleted -> 6;
            };
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void aPoolThatHasMembersBeforeAndAfterIsNeverEmptyInBetween(long seed) {
            Case given = Case.of(seed);
            Set<VirtualServerKey> kept = new HashSet<>(membered(given.actual));
            kept.retainAll(membered(given.desired));
            FakeIpvsTable kernel = kernelWith(given.actual);

            for (IpvsOp op : given.plan().ops()) {
                assertThat(kernel.apply(List.of(op)).failures()).isEmpty();

                assertThat(membered(kernel.read())).as("after %s", op).containsAll(kept);
            }
        }

        private static Set<VirtualServerKey> membered(IpvsSnapshot table) {
            Set<VirtualServerKey> keys = new HashSet<>();
            table.pools().forEach((key, pool) -> {
                if (!pool.realServers().isEmpty()) {
                    keys.add(key);
                }
            });
            return keys;
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void nothingThatStaysIsRemovedAndAddedAgain(long seed) {
            Case given = Case.of(seed);
            FakeIpvsTable kernel = kernelWith(given.actual);

            for (IpvsOp op : given.plan().ops()) {
                assertThat(kernel.apply(List.of(op)).failures()).isEmpty();
                IpvsSnapshot now = kernel.read();

                given.actual
                        .pools()
                        .forEach((key, before) -> given.desired.find(key).ifPresent(after -> {
                            Set<RealServerKey> stays =
                                    new HashSet<>(before.realServers().keySet());
                            stays.retainAll(after.realServers().keySet());
                            assertThat(now.find(key).orElseThrow().realServers().keySet())
                                    .containsAll(stays);
                        }));
            }
        }

        @ParameterizedTest
        @MethodSource("seeds")
        void theSameTablesGiveTheSamePlan(long seed) {
            assertThat(Case.of(seed).plan()).isEqualTo(Case.of(seed).plan());
        }

        @Test
        void theSeedsReachEveryKindOfOperation() {
            Set<Class<?>> kinds = new HashSet<>();
            seeds().forEach(seed -> Case.of(seed).plan().ops().forEach(op -> kinds.add(op.getClass())));

            assertThat(kinds).containsExactlyInAnyOrder(IpvsOp.class.getPermittedSubclasses());
        }
    }

    @Nested
    class Plans {

        @Test
        void createBeforeTheyAddAndUpdateBeforeTheyRemove() {
            IpvsSnapshot actual = aTable(
                    aVirtualServer("192.0.2.10:443")
                            .with(aRealServer("198.51.100.7:80"))
                            .with(aRealServer("198.51.100.8:80")),
                    aVirtualServer("192.0.2.12:443").with(aRealServer("198.51.100.7:80")));
            IpvsSnapshot desired = aTable(
                    aVirtualServer("192.0.2.10:443")
                            .wrr()
                            .with(aRealServer("198.51.100.8:80").weight(2))
                            .with(aRealServer("198.51.100.9:80")),
                    aVirtualServer("[2001:db8::10]:443").with(aRealServer("[2001:db8:1::7]:80")));

            assertThat(plan(desired, actual)).hasToString("""
                ipvsadm -A -t [2001:db8::10]:443 -s wlc
                ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.9:80 -m -w 1
                ipvsadm -a -t [2001:db8::10]:443 -r [2001:db8:1::7]:80 -m -w 1
                ipvsadm -E -t 192.0.2.10:443 -s wrr
                ipvsadm -e -t 192.0.2.10:443 -r 198.51.100.8:80 -m -w 2
                ipvsadm -d -t 192.0.2.10:443 -r 198.51.100.7:80
                ipvsadm -D -t 192.0.2.12:443
                """);
        }

        @Test
        void leaveVirtualServersOfOthersAlone() {
            IpvsSnapshot actual = aTable(aVirtualServer("192.0.2.10:443"), aVirtualServer("[2001:db8::10]:443"));

            IpvsPlan plan = IpvsReconciler.plan(IpvsSnapshot.EMPTY, actual, tcp("192.0.2.10:443")::equals);

            assertThat(plan).hasToString("ipvsadm -D -t 192.0.2.10:443\n");
        }

        @Test
        void needOneOperationToDeleteAVirtualServerWithAllItsRealServers() {
            IpvsSnapshot actual = aTable(aVirtualServer("[2001:db8::10]:443")
                    .with(aRealServer("[2001:db8:1::7]:80"))
                    .with(aRealServer("[2001:db8:1::8]:80")));

            assertThat(plan(IpvsSnapshot.EMPTY, actual).ops())
                    .containsExactly(new IpvsOp.DeleteVirtualServer(tcp("[2001:db8::10]:443")));
        }

        @Test
        void changeARealServerOfWhichOnlyTheWeightDiffersInPlace() {
            RealServer drained = aRealServer("198.51.100.7:80").weight(0).build();

            assertThat(plan(
                                    aTable(aVirtualServer("192.0.2.10:443")
                                            .with(aRealServer("198.51.100.7:80").weight(0))),
                                    aTable(aVirtualServer("192.0.2.10:443").with(aRealServer("198.51.100.7:80"))))
                            .ops())
                    .containsExactly(new IpvsOp.UpdateRealServer(tcp("192.0.2.10:443"), drained));
        }
    }
}
