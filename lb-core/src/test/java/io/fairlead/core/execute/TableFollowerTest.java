package io.fairlead.core.execute;

import static io.fairlead.core.model.Tables.aFirewallMark;
import static io.fairlead.core.model.Tables.aRealServer;
import static io.fairlead.core.model.Tables.aTable;
import static io.fairlead.core.model.Tables.aVirtualServer;
import static io.fairlead.core.model.Tables.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.execute.TableFollower.Audit;
import io.fairlead.core.execute.TableFollower.Outcome;
import io.fairlead.core.kernel.ApplyReport;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.KernelTimeoutException;
import io.fairlead.core.kernel.testing.FakeIpvsTable;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.Tables;
import io.fairlead.core.model.Tables.VirtualServerBuilder;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.IpvsOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableFollowerTest {

    private static final VirtualServerKey WEB = tcp("192.0.2.10:443");
    private static final VirtualServerKey WEB_IPV6 = tcp("[2001:db8::10]:443");
    private static final VirtualServerKey FOREIGN = tcp("203.0.113.1:25");

    private final FakeIpvsTable kernel = new FakeIpvsTable();
    private final TableFollower follower = new TableFollower(kernel);

    private static KernelTimeoutException timeout() {
        return new KernelTimeoutException("receive by netlink", Duration.ofSeconds(5));
    }

    private static VirtualServerBuilder web() {
        return aVirtualServer(WEB).with(aRealServer("198.51.100.7:80"));
    }

    private static VirtualServerBuilder webIpv6() {
        return aVirtualServer(WEB_IPV6).with(aRealServer("[2001:db8:1::7]:80"));
    }

    private static VirtualServerBuilder foreign() {
        return aVirtualServer(FOREIGN).wrr().with(aRealServer("198.51.100.25:25"));
    }

    private static List<Pool> pools(VirtualServerBuilder... virtualServers) {
        return Arrays.stream(virtualServers).map(VirtualServerBuilder::pool).toList();
    }

    private Outcome follow(VirtualServerBuilder... wanted) {
        return follower.follow(pools(wanted), Set.of());
    }

    private void assertHeldIsWhatTheKernelHoldsOf(Set<VirtualServerKey> keys) {
        assertThat(follower.held()).isEqualTo(kernel.read().restrictedTo(keys::contains));
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Nested
    class Following {

        @Test
        void bringsAboutWhatIsWanted() {
            Outcome outcome = follow(web(), webIpv6(), aFirewallMark(7));

            assertThat(kernel.read()).isEqualTo(aTable(web(), webIpv6(), aFirewallMark(7)));
            assertThat(follower.held()).isEqualTo(kernel.read());
            assertThat(outcome).isEqualTo(new Outcome(5, List.of(), 0));
            assertThat(outcome.succeeded()).isTrue();
        }

        @Test
        void needsOneOperationForOneChange() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            assertThat(kernel.takeApplied()).hasSize(4);

            Outcome outcome = follow(
                    aVirtualServer(WEB).with(aRealServer("198.51.100.7:80").weight(5)));

            assertThat(outcome.operations()).isEqualTo(1);
            assertThat(kernel.takeApplied())
                    .containsExactly(new IpvsOp.UpdateRealServer(
                            WEB, aRealServer("198.51.100.7:80").weight(5).build()));
            assertThat(follower.held()).isEqualTo(kernel.read());
        }

        @Test
        void copiesWhatItHoldsAfterAChangeOnly() {
            follow(web());
            IpvsSnapshot before = follower.held();

            assertThat(follower.held()).isSameAs(before);
            follow(web(), webIpv6());

            assertThat(before).isEqualTo(aTable(web()));
            assertThat(follower.held()).isEqualTo(aTable(web(), webIpv6()));
        }

        @Test
        void doesNothingWhereNothingChanged() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            kernel.takeApplied();

            assertThat(follow(web(), webIpv6())).isEqualTo(new Outcome(0, List.of(), 0));

            assertThat(kernel.takeApplied()).isEmpty();
        }

        @Test
        void touchesOnlyTheVirtualServersItIsAskedAbout() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();

            assertThat(follower.follow(List.of(), Set.of(WEB)).operations()).isEqualTo(1);

            assertThat(kernel.read()).isEqualTo(aTable(webIpv6()));
            assertThat(follower.held()).isEqualTo(aTable(webIpv6()));
            assertThat(follower.held(WEB)).isEmpty();
            assertThat(follower.held(WEB_IPV6)).contains(webIpv6().pool());
        }

        @Test
        void neverTouchesVirtualServersOfOthers() {
            kernel.put(foreign().pool());

            assertThat(follow(web()).succeeded()).isTrue();
            assertThat(follower.follow(List.of(), Set.of(WEB, FOREIGN)).succeeded())
                    .isTrue();

            assertThat(kernel.read()).isEqualTo(aTable(foreign()));
            assertThat(follower.held()).isEqualTo(IpvsSnapshot.EMPTY);
        }

        @Test
        void showsThePlanWithoutCarryingItOut() {
            kernel.put(foreign().pool());

            assertThat(follower.plan(pools(web()), Set.of(FOREIGN))).hasToString("""
                ipvsadm -A -t 192.0.2.10:443 -s wlc
                ipvsadm -a -t 192.0.2.10:443 -r 198.51.100.7:80 -m -w 1
                """);

            assertThat(kernel.read()).isEqualTo(aTable(foreign()));
        }

        @ParameterizedTest
        @MethodSource("io.fairlead.core.execute.TableFollowerTest#seeds")
        void endsInWhatIsWantedAndRemembersIt(long seed) {
            RandomGenerator random = random(seed);
            kernel.put(foreign().pool());

            for (int i = 0; i < 5; i++) {
                IpvsSnapshot wanted = Tables.randomTable(random);
                Set<VirtualServerKey> removed =
                        new TreeSet<>(follower.held().pools().keySet());
                removed.removeAll(wanted.pools().keySet());

                assertThat(follower.follow(wanted.pools().values(), removed).succeeded())
                        .isTrue();

                assertThat(kernel.read().restrictedTo(key -> !key.equals(FOREIGN)))
                        .isEqualTo(wanted);
                assertThat(kernel.read().find(FOREIGN)).contains(foreign().pool());
                assertThat(follower.held()).isEqualTo(wanted);
            }
        }
    }

    @Nested
    class Adopting {

        @Test
        void takesOverWhatTheKernelHoldsWithoutTouchingIt() {
            kernel.put(web().pool());
            kernel.put(foreign().pool());

            assertThat(follower.adopt(Set.of(WEB, WEB_IPV6))).isEqualTo(1);

            assertThat(follower.held()).isEqualTo(aTable(web()));
            assertThat(follow(web())).isEqualTo(new Outcome(0, List.of(), 0));
            assertThat(kernel.takeApplied()).isEmpty();
        }

        @Test
        void removesRealServersThatAreNoLongerWanted() {
            kernel.put(web().with(aRealServer("198.51.100.8:80")).pool());

            assertThat(follower.adopt(Set.of(WEB))).isEqualTo(1);

            assertThat(follow(web()).operations()).isEqualTo(1);
            assertThat(kernel.read()).isEqualTo(aTable(web()));
        }

        @Test
        void forgetsWhatTheKernelNoLongerHolds() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            kernel.remove(WEB);

            assertThat(follower.adopt(Set.of(WEB))).isZero();

            assertThat(follower.held()).isEqualTo(aTable(webIpv6()));
        }

        @Test
        void remembersNothingWhereTheKernelCannotBeRead() {
            UnreliableTable unreliable = new UnreliableTable(kernel);
            TableFollower follower = new TableFollower(unreliable);
            kernel.put(web().pool());
            kernel.put(webIpv6().pool());
            unreliable.failReadsAfter(2, timeout());

            assertThatExceptionOfType(KernelTimeoutException.class)
                    .isThrownBy(() -> follower.adopt(Set.of(WEB, WEB_IPV6)));

            assertThat(follower.held()).isEqualTo(IpvsSnapshot.EMPTY);
        }
    }

    @Nested
    class Conflicts {

        @Test
        void aVirtualServerThatExistsAlreadyIsReadAndChangedInPlace() {
            kernel.put(foreign().pool());
            kernel.put(aVirtualServer(WEB)
                    .wrr()
                    .with(aRealServer("198.51.100.7:80").weight(9))
                    .with(aRealServer("198.51.100.8:80"))
                    .pool());

            Outcome outcome = follow(web());

            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.conflicts()).isEqualTo(2);
            assertThat(outcome.operations()).isEqualTo(3);
            assertThat(kernel.takeApplied())
                    .noneMatch(op -> op instanceof IpvsOp.DeleteVirtualServer)
                    .noneMatch(op -> op instanceof IpvsOp.AddRealServer);
            assertThat(kernel.read()).isEqualTo(aTable(web(), foreign()));
            assertThat(follower.held()).isEqualTo(aTable(web()));
        }

        @Test
        void aVirtualServerThatIsGoneIsMadeAgain() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            kernel.remove(WEB_IPV6);

            Outcome outcome = follow(webIpv6().wrr().with(aRealServer("[2001:db8:1::8]:80")));

            assertThat(outcome.succeeded()).isTrue();
            assertThat(outcome.conflicts()).isEqualTo(2);
            assertThat(kernel.read()).isEqualTo(aTable(web(), webIpv6().wrr().with(aRealServer("[2001:db8:1::8]:80"))));
            assertThat(follower.held()).isEqualTo(kernel.read());
        }

        @Test
        void aRealServerThatIsGoneNeedsNoRemoving() {
            assertThat(follow(web()).succeeded()).isTrue();
            kernel.put(aVirtualServer(WEB).pool());

            Outcome outcome = follow(aVirtualServer(WEB));

            assertThat(outcome).isEqualTo(new Outcome(0, List.of(), 1));
            assertThat(follower.held()).isEqualTo(aTable(aVirtualServer(WEB)));
        }

        @Test
        void aRealServerThatIsGoneIsAddedAgainWhereItShouldBeChanged() {
            assertThat(follow(web()).succeeded()).isTrue();
            kernel.put(aVirtualServer(WEB).pool());
            VirtualServerBuilder wanted =
                    aVirtualServer(WEB).with(aRealServer("198.51.100.7:80").weight(2));

            assertThat(follow(wanted)).isEqualTo(new Outcome(1, List.of(), 1));

            assertThat(kernel.read()).isEqualTo(aTable(wanted));
        }

        @Test
        void aRealServerThatExistsAlreadyIsChangedInPlace() {
            assertThat(follow(web()).succeeded()).isTrue();
            kernel.put(web().with(aRealServer("198.51.100.8:80").weight(9)).pool());
            VirtualServerBuilder wanted = web().with(aRealServer("198.51.100.8:80"));

            assertThat(follow(wanted)).isEqualTo(new Outcome(1, List.of(), 1));

            assertThat(kernel.read()).isEqualTo(aTable(wanted));
        }

        @Test
        void aVirtualServerThatIsGoneNeedsNoRemoving() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            kernel.remove(WEB);

            assertThat(follower.follow(List.of(), Set.of(WEB))).isEqualTo(new Outcome(0, List.of(), 1));

            assertThat(follower.held()).isEqualTo(aTable(webIpv6()));
        }

        @Test
        void thatNeverEndAreReportedAfterThreeTries() {
            UnreliableTable contested = new UnreliableTable(kernel) {
                @Override
                public ApplyReport apply(List<IpvsOp> ops) {
                    kernel.put(web().pool());
                    ApplyReport report = super.apply(ops);
                    kernel.remove(WEB);
                    return report;
                }
            };
            TableFollower follower = new TableFollower(contested);

            Outcome outcome = follower.follow(pools(web()), Set.of());

            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.conflicts()).isEqualTo(6);
            assertThat(outcome.failures())
                    .extracting(failure -> failure.cause().errno())
                    .containsExactly(Errno.EEXIST, Errno.EEXIST);
            assertThat(follower.held()).isEqualTo(IpvsSnapshot.EMPTY);
        }

        @ParameterizedTest
        @MethodSource("io.fairlead.core.execute.TableFollowerTest#seeds")
        void ofAnyKindEndInWhatIsWanted(long seed) {
            RandomGenerator random = random(seed);
            assertThat(follower.follow(Tables.randomTable(random).pools().values(), Set.of())
                            .succeeded())
                    .isTrue();
            kernel.takeApplied();
            Set<VirtualServerKey> disturbed = disturb(random);
            IpvsSnapshot wanted = Tables.randomTable(random);

            assertThat(follower.follow(wanted.pools().values(), Set.of()).succeeded())
                    .isTrue();

            // Where memory was wrong and yet nothing had to change nobody looked; that is for an audit to find.
            Set<VirtualServerKey> changed = new HashSet<>();
            kernel.takeApplied().forEach(op -> changed.add(op.virtualServerKey()));
            changed.removeAll(disturbed);
            assertThat(kernel.read().restrictedTo(changed::contains)).isEqualTo(wanted.restrictedTo(changed::contains));
            assertThat(follower.held().pools()).containsAllEntriesOf(wanted.pools());
        }
    }

    /** Edits virtual servers as others would; returns those that are not as they were. */
    private Set<VirtualServerKey> disturb(RandomGenerator random) {
        IpvsSnapshot before = kernel.read();
        for (VirtualServerKey key : Tables.RANDOM_KEYS) {
            switch (random.nextInt(4)) {
                case 0 -> kernel.remove(key);
                case 1 -> kernel.put(Tables.randomPool(key, random));
                default -> {}
            }
        }
        Set<VirtualServerKey> disturbed = new TreeSet<>(Tables.RANDOM_KEYS);
        disturbed.removeIf(key -> before.find(key).equals(kernel.read().find(key)));
        return disturbed;
    }

    @Nested
    class Refusals {

        @Test
        void areReportedByTheirRootCauseOnlyAndTheOthersAreApplied() {
            kernel.lacks(Scheduler.MAGLEV_HASHING);
            VirtualServerBuilder impossible = web().scheduler("mh").with(aRealServer("198.51.100.8:80"));

            Outcome outcome = follow(impossible, webIpv6());

            assertThat(outcome.failures())
                    .extracting(OpFailure::op)
                    .containsExactly(new IpvsOp.AddVirtualServer(impossible.build()));
            assertThat(outcome.failures().getFirst().cause())
                    .hasMessage("ipvsadm -A -t 192.0.2.10:443 -s mh: ENOENT (2), no such entry");
            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.conflicts()).isZero();
            assertThat(outcome.operations()).isEqualTo(2);
            assertThat(kernel.read()).isEqualTo(aTable(webIpv6()));
            assertThat(follower.held()).isEqualTo(aTable(webIpv6()));
        }

        @Test
        void areTriedAgainWithTheNextCall() {
            kernel.lacks(Scheduler.MAGLEV_HASHING);
            assertThat(follow(web().scheduler("mh"), webIpv6()).succeeded()).isFalse();
            kernel.takeApplied();

            assertThat(follow(web().scheduler("mh"), webIpv6()).failures()).hasSize(1);
            assertThat(kernel.takeApplied()).isEmpty();
            assertThat(follow(web(), webIpv6()).operations()).isEqualTo(2);
        }

        @Test
        void areNotTriedTwiceWithinACall() {
            kernel.lacks(Scheduler.MAGLEV_HASHING);
            AtomicInteger applies = new AtomicInteger();
            TableFollower follower = new TableFollower(new UnreliableTable(kernel) {
                @Override
                public ApplyReport apply(List<IpvsOp> ops) {
                    applies.incrementAndGet();
                    return super.apply(ops);
                }
            });

            assertThat(follower.follow(pools(web().scheduler("mh")), Set.of()).failures())
                    .hasSize(1);

            assertThat(applies).hasValue(1);
        }

        @Test
        void ofAChangeLeaveTheVirtualServerAsItWasWithItsRealServersChanged() {
            kernel.lacks(Scheduler.MAGLEV_HASHING);
            assertThat(follow(web()).succeeded()).isTrue();

            Outcome outcome = follow(web().scheduler("mh").with(aRealServer("198.51.100.8:80")));

            assertThat(outcome.failures()).hasSize(1);
            assertThat(kernel.read()).isEqualTo(aTable(web().with(aRealServer("198.51.100.8:80"))));
            assertThat(follower.held()).isEqualTo(kernel.read());
        }

        @Test
        void areReportedThoughAConflictBesideThemIsSolved() {
            kernel.lacks(Scheduler.MAGLEV_HASHING);
            kernel.put(aVirtualServer(WEB_IPV6).pool());

            Outcome outcome = follow(web().scheduler("mh"), webIpv6());

            assertThat(outcome.conflicts()).isEqualTo(1);
            assertThat(outcome.failures())
                    .extracting(failure -> failure.op().virtualServerKey())
                    .containsExactly(WEB);
            assertThat(kernel.read()).isEqualTo(aTable(webIpv6()));
            assertThat(follower.held()).isEqualTo(kernel.read());
        }
    }

    @Nested
    class AFailureOfTheChannel {

        private final UnreliableTable unreliable = new UnreliableTable(kernel);
        private final TableFollower follower = new TableFollower(unreliable);

        @Test
        void isThrownAndWhatRanIsKnownAfterwards() {
            for (int ran = 0; ran < 4; ran++) {
                kernel.flush();
                TableFollower follower = new TableFollower(kernel);
                kernel.failChannelAfter(ran, timeout());

                assertThatExceptionOfType(KernelTimeoutException.class)
                        .isThrownBy(() -> follower.follow(pools(web(), webIpv6()), Set.of()));
                assertThat(follower.held()).isEqualTo(kernel.read());

                Outcome outcome = follower.follow(pools(web(), webIpv6()), Set.of());
                assertThat(outcome).isEqualTo(new Outcome(4 - ran, List.of(), 0));
                assertThat(kernel.read()).isEqualTo(aTable(web(), webIpv6()));
                assertThat(follower.held()).isEqualTo(kernel.read());
            }
        }

        @Test
        void leavesNothingRememberedThatCouldNotBeRead() {
            assertThat(follower.follow(pools(web()), Set.of()).succeeded()).isTrue();
            kernel.failChannelAfter(1, timeout());
            unreliable.failReadsAfter(0, timeout());

            assertThatExceptionOfType(KernelTimeoutException.class)
                    .isThrownBy(() -> follower.follow(pools(web().wrr(), webIpv6()), Set.of()));
            assertThat(follower.held()).isEqualTo(IpvsSnapshot.EMPTY);

            unreliable.recover();
            assertThat(follower.follow(pools(web().wrr(), webIpv6()), Set.of()))
                    .isEqualTo(new Outcome(2, List.of(), 0));
            assertThat(kernel.read()).isEqualTo(aTable(web().wrr(), webIpv6()));
        }

        @Test
        void doesNotLetAVirtualServerStayThatWasToBeRemoved() {
            assertThat(follower.follow(pools(web()), Set.of()).succeeded()).isTrue();
            kernel.failChannelAfter(0, timeout());
            unreliable.failReadsAfter(0, timeout());
            assertThatExceptionOfType(KernelTimeoutException.class)
                    .isThrownBy(() -> follower.follow(List.of(), Set.of(WEB)));

            unreliable.recover();

            assertThat(follower.follow(List.of(), Set.of(WEB))).isEqualTo(new Outcome(1, List.of(), 0));
            assertThat(kernel.read()).isEqualTo(IpvsSnapshot.EMPTY);
        }

        @Test
        void afterARefusalDoesNotPassForSuccess() {
            kernel.lacks(Scheduler.MAGLEV_HASHING);
            unreliable.failReadsAfter(0, timeout());
            assertThatExceptionOfType(KernelTimeoutException.class)
                    .isThrownBy(() -> follower.follow(pools(web().scheduler("mh")), Set.of()));

            unreliable.recover();

            assertThat(follower.follow(pools(web().scheduler("mh")), Set.of()).failures())
                    .hasSize(1);
        }

        @Test
        void keepsThrowingWhileTheKernelCannotBeRead() {
            kernel.failChannelAfter(0, timeout());
            unreliable.failReadsAfter(0, timeout());
            assertThatExceptionOfType(KernelTimeoutException.class)
                    .isThrownBy(() -> follower.follow(pools(web()), Set.of()));

            assertThatExceptionOfType(KernelTimeoutException.class)
                    .isThrownBy(() -> follower.follow(pools(web()), Set.of()));
            assertThat(kernel.read()).isEqualTo(IpvsSnapshot.EMPTY);
        }
    }

    @Nested
    class Auditing {

        private Set<VirtualServerKey> audit(int virtualServersMax) {
            Audit audit = follower.startAudit();
            int steps = 1;
            while (!audit.step(virtualServersMax)) {
                steps++;
            }
            assertThat(steps).isLessThanOrEqualTo(Tables.RANDOM_KEYS.size() / virtualServersMax + 1);
            return audit.drifted();
        }

        @Test
        void findsNothingWhereNothingDrifted() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            kernel.put(foreign().pool());

            assertThat(audit(1)).isEmpty();
            assertThat(follower.held()).isEqualTo(aTable(web(), webIpv6()));
        }

        @Test
        void ofNothingIsCompleteAtOnce() {
            kernel.put(foreign().pool());

            Audit audit = follower.startAudit();

            assertThat(audit.step(1)).isTrue();
            assertThat(audit.drifted()).isEmpty();
        }

        @ParameterizedTest
        @MethodSource("io.fairlead.core.execute.TableFollowerTest#seeds")
        void findsEveryDriftAndOnlyDrift(long seed) {
            RandomGenerator random = random(seed);
            IpvsSnapshot wanted = Tables.randomTable(random);
            assertThat(follower.follow(wanted.pools().values(), Set.of()).succeeded())
                    .isTrue();
            Set<VirtualServerKey> ours = wanted.pools().keySet();
            Set<VirtualServerKey> expected = disturb(random);
            expected.retainAll(ours);

            Set<VirtualServerKey> drifted = audit(random.nextInt(1, 4));

            assertThat(drifted).isEqualTo(expected);
            assertHeldIsWhatTheKernelHoldsOf(ours);

            assertThat(follower.follow(wanted.pools().values(), Set.of()).conflicts())
                    .isZero();
            assertThat(kernel.read().restrictedTo(ours::contains)).isEqualTo(wanted);
            assertThat(audit(1)).isEmpty();
        }

        @Test
        void findsAnEditOfARealServerDuringTheAudit() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            Audit audit = follower.startAudit();
            assertThat(audit.step(1)).isFalse();
            kernel.put(aVirtualServer(WEB_IPV6).pool());

            assertThat(audit.step(1)).isTrue();

            assertThat(audit.drifted()).containsExactly(WEB_IPV6);
        }

        @Test
        void findsAVirtualServerThatVanishesDuringTheAudit() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            Audit audit = follower.startAudit();
            kernel.remove(WEB_IPV6);

            assertThat(audit.step(10)).isTrue();

            assertThat(audit.drifted()).containsExactly(WEB_IPV6);
            assertThat(follower.held()).isEqualTo(aTable(web()));
        }

        @Test
        void leavesWhatWeChangeMeanwhileToTheNextAudit() {
            assertThat(follow(web(), webIpv6()).succeeded()).isTrue();
            Audit audit = follower.startAudit();

            assertThat(follow(web().wrr()).succeeded()).isTrue();
            assertThat(follower.follow(List.of(), Set.of(WEB_IPV6)).succeeded()).isTrue();
            assertThat(audit.step(10)).isTrue();

            assertThat(audit.drifted()).isEmpty();
            assertThat(follower.held()).isEqualTo(aTable(web().wrr()));
            assertThat(kernel.read()).isEqualTo(follower.held());
        }

        @Test
        void takesOnlySoManyVirtualServersAStep() {
            List<Pool> many = new ArrayList<>();
            for (int port = 1; port <= 10; port++) {
                many.add(aVirtualServer("[2001:db8::10]:" + port).pool());
            }
            UnreliableTable counting = new UnreliableTable(kernel);
            TableFollower follower = new TableFollower(counting);
            assertThat(follower.follow(many, Set.of()).succeeded()).isTrue();
            Audit audit = follower.startAudit();
            int before = counting.reads();

            assertThat(audit.step(4)).isFalse();
            assertThat(counting.reads() - before).isEqualTo(4);
            assertThat(audit.step(4)).isFalse();
            assertThat(audit.step(4)).isTrue();
            assertThat(counting.reads() - before).isEqualTo(10);
        }

        @Test
        void repeatsAStepInWhichTheKernelCouldNotBeRead() {
            UnreliableTable unreliable = new UnreliableTable(kernel);
            TableFollower follower = new TableFollower(unreliable);
            assertThat(follower.follow(pools(web(), webIpv6()), Set.of()).succeeded())
                    .isTrue();
            kernel.put(aVirtualServer(WEB).pool());
            Audit audit = follower.startAudit();
            unreliable.failReadsAfter(0, timeout());
            assertThatExceptionOfType(KernelTimeoutException.class).isThrownBy(() -> audit.step(10));

            unreliable.recover();

            assertThat(audit.step(10)).isTrue();
            assertThat(audit.drifted()).containsExactly(WEB);
        }
    }
}
