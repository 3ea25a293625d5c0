package io.fairlead.appliance.loop;

import static io.fairlead.appliance.loop.Configs.config;
import static io.fairlead.appliance.loop.Configs.configured;
import static io.fairlead.appliance.loop.Configs.key;
import static io.fairlead.appliance.loop.Configs.realServer;
import static io.fairlead.appliance.loop.Configs.target;
import static io.fairlead.appliance.loop.Configs.virtualServer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.PoolMemory;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.HostConfig;
import io.fairlead.conf.KubernetesConfig;
import io.fairlead.conf.MetricsConfig;
import io.fairlead.core.execute.PacketRuleFollower;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.kernel.KernelTimeoutException;
import io.fairlead.core.kernel.testing.FakeConntrack;
import io.fairlead.core.kernel.testing.FakeIpvsTable;
import io.fairlead.core.kernel.testing.FakePacketRuleTable;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.Health;
import io.fairlead.core.policy.MarkRange;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.RemovalGuard;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.shared.Wishes;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TargetChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The loop runs on a thread of its own, which owns the table. The test touches the table only between two answers of the
 * loop, while that has nothing to do; each answer orders what the two see.
 */
class ControlLoopTest {

    private static final Scheduler WRR = Scheduler.WEIGHTED_ROUND_ROBIN;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** An IPv6 real server of an IPv4 virtual server without a tunnel, which the kernel refuses. */
    private static final RealServer REFUSED = new RealServer(
            new RealServerKey(ServerAddress.parse("[2001:db8::1]:80")),
            ForwardingMethod.MASQUERADE,
            1,
            ConnectionThresholds.NONE);

    private final FakeIpvsTable table = new FakeIpvsTable();
    private final Map<CheckTarget, Verdict> health = new ConcurrentHashMap<>();
    private final List<TargetChange> checked = new CopyOnWriteArrayList<>();
    private final FakePacketRuleTable ruleTable = new FakePacketRuleTable();
    private final LonelyWishes wishes = new LonelyWishes();
    private final ControlLoop loop = new ControlLoop(
            table,
            new PacketRuleFollower(ruleTable, new FakeConntrack()),
            config(),
            target -> health.getOrDefault(target, Verdict.UNKNOWN),
            checked::add,
            Memory.NONE,
            PoolMemory.NOWHERE,
            wishes,
            EventSink.NOWHERE,
            Ticker.system());
    private final Thread thread = new Thread(loop, "control-loop-test");

    @BeforeEach
    void start() {
        for (int i = 1; i < 5; i++) {
            health.put(target(i), Verdict.HEALTHY);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (thread.isAlive()) {
            loop.stop();
            assertThat(thread.join(LIMIT)).isTrue();
        }
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    private ApplyOutcome apply(FairleadConfig config) {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
        return get(loop.apply(config, false));
    }

    private List<String> takeApplied() {
        LoopView _ = get(loop.look()); // after which the loop has done all that was asked before
        return table.takeApplied().stream().map(IpvsOp::toString).toList();
    }

    private LoopView await(Predicate<LoopView> reached) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        LoopView view = get(loop.look());
        while (!reached.test(view)) {
            assertThat(System.nanoTime()).as("waiting; last seen %s", view).isLessThan(deadline);
            Thread.onSpinWait();
            view = get(loop.look());
        }
        return view;
    }

    private static Pool pool(int number, RealServer... realServers) {
        return Pool.of(virtualServer(number, WRR), Arrays.asList(realServers));
    }

    private void become(int target, Health verdict) {
        become(target, Verdict.of(verdict));
    }

    private void become(int target, Verdict verdict) {
        health.put(target(target), verdict);
        loop.healthChanged(target(target));
    }

    @Test
    void keepsWhatTheKernelHoldsUntilTheFirstVerdictAndLetsNewRealServersWait() {
        health.clear();
        table.put(pool(1, realServer(1, 7), realServer(2, 0)));

        ApplyOutcome outcome = apply(config(configured(1, realServer(1, 7), realServer(2, 5), realServer(3, 5))));

        assertThat(outcome).isEqualTo(new ApplyOutcome.Applied(0, List.of()));
        assertThat(table.read().pools().values()).containsExactly(pool(1, realServer(1, 7), realServer(2, 0)));
        become(3, Health.HEALTHY);
        LoopView view = await(now -> now.reconcile().operations() == 1);
        assertThat(view.held().find(key(1))).contains(pool(1, realServer(1, 7), realServer(2, 0), realServer(3, 5)));
    }

    @Test
    void drainsWhatTheConfigurationDoesNotHaveFromAnAdoptedVirtualServer() {
        table.put(pool(1, realServer(1, 1), realServer(9, 1)));
        table.open(key(1), realServer(9, 1).key(), 1, 0);

        ApplyOutcome outcome = apply(config(configured(1, realServer(1, 1))));

        assertThat(outcome).isEqualTo(new ApplyOutcome.Applied(1, List.of()));
        assertThat(get(loop.look()).held().find(key(1))).contains(pool(1, realServer(1, 1), realServer(9, 0)));
        table.open(key(1), realServer(9, 1).key(), 0, 0);
        await(view -> view.reconcile().operations() == 2);
        assertThat(table.read().pools().values()).containsExactly(pool(1, realServer(1, 1)));
    }

    @Test
    void aRealServerThatBecomesUnhealthyIsRemovedWithOneOperation() {
        apply(config(configured(1, realServer(1, 1), realServer(2, 1)), configured(2, realServer(1, 1))));
        takeApplied();

        become(2, Health.UNHEALTHY);
        await(view -> view.reconcile().operations() == 6);

        assertThat(takeApplied())
                .containsExactly(
                        new IpvsOp.DeleteRealServer(key(1), realServer(2, 1).key()).toString());
        assertThat(table.read().find(key(1))).contains(pool(1, realServer(1, 1)));
    }

    @Test
    void aWeightThatAChangedCheckAsksForIsEditedInPlace() {
        apply(config(configured(1, realServer(1, 4))));
        takeApplied();

        become(1, new Verdict(Health.HEALTHY, OptionalInt.of(9)));
        await(view -> view.held().find(key(1)).equals(Optional.of(pool(1, realServer(1, 9)))));
        become(1, Verdict.HEALTHY);
        await(view -> view.held().find(key(1)).equals(Optional.of(pool(1, realServer(1, 4)))));

        assertThat(takeApplied()).hasSize(2).allSatisfy(op -> assertThat(op).contains(" -e "));
    }

    @Test
    void severalChecksOfARealServerDecideTogether() {
        CheckTarget page = new CheckTarget(
                target(1).address(),
                new CheckSpec(
                        new HttpProbeSpec("GET", "/", Optional.empty(), List.of(new StatusRange(200, 299))),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        2,
                        3));
        ConfiguredVirtualServer single = configured(1, realServer(1, 4));
        CheckSet all = new CheckSet(
                CheckRequirement.ALL, List.of(new NamedCheck("page", page), new NamedCheck("port", target(1))));
        health.put(page, Verdict.HEALTHY);
        apply(config(new ConfiguredVirtualServer(single.spec(), List.of(all))));
        assertThat(checked.getLast().begun()).isEqualTo(Set.of(page, target(1)));
        assertThat(table.read().find(key(1))).contains(pool(1, realServer(1, 4)));

        health.put(page, Verdict.UNHEALTHY);
        loop.healthChanged(page);

        await(view -> view.held().realServerCount() == 0);
    }

    @Test
    void oneVerdictReachesEveryVirtualServerThatSharesTheTarget() {
        apply(config(configured(1, realServer(1, 1)), configured(2, realServer(1, 1))));

        become(1, Health.UNHEALTHY);
        LoopView view = await(now -> now.reconcile().operations() == 6);

        assertThat(view.held().realServerCount()).isZero();
    }

    @Test
    void anInhibitedRealServerStaysWithWeightZeroAndComesBack() {
        apply(config(configured(virtualServer(1, WRR), true, realServer(1, 4))));

        become(1, Health.UNHEALTHY);
        LoopView inhibited = await(now -> now.reconcile().operations() == 3);
        become(1, Health.HEALTHY);
        LoopView back = await(now -> now.reconcile().operations() == 4);

        assertThat(inhibited.held().find(key(1))).contains(pool(1, realServer(1, 0)));
        assertThat(back.held().find(key(1))).contains(pool(1, realServer(1, 4)));
    }

    @Test
    void aReloadTouchesOnlyWhatChangedAndNeverWhatIsForeign() {
        table.put(pool(200, realServer(200, 1)));
        apply(config(
                configured(1, realServer(1, 1)), configured(2, realServer(2, 1)), configured(3, realServer(3, 1))));
        takeApplied();

        ApplyOutcome reweighted = apply(config(
                configured(1, realServer(1, 1)), configured(2, realServer(2, 8)), configured(3, realServer(3, 1))));
        List<String> update = takeApplied();
        ApplyOutcome removed = apply(config(configured(1, realServer(1, 1)), configured(2, realServer(2, 8))));
        await(view -> view.held().find(key(3)).isEmpty());
        List<String> delete = takeApplied();

        assertThat(reweighted).isEqualTo(new ApplyOutcome.Applied(1, List.of()));
        assertThat(update).containsExactly(new IpvsOp.UpdateRealServer(key(2), realServer(2, 8)).toString());
        assertThat(removed).isEqualTo(new ApplyOutcome.Applied(1, List.of()));
        assertThat(delete)
                .containsExactly(
                        new IpvsOp.UpdateRealServer(key(3), realServer(3, 0)).toString(),
                        new IpvsOp.DeleteVirtualServer(key(3)).toString());
        assertThat(table.read())
                .isEqualTo(IpvsSnapshot.of(
                        List.of(pool(1, realServer(1, 1)), pool(2, realServer(2, 8)), pool(200, realServer(200, 1)))));
    }

    @Test
    void tellsTheChecksWheneverThereIsMoreOrLessToCheck() {
        apply(config(configured(1, realServer(1, 1))));
        apply(config(configured(1, realServer(1, 5))));
        apply(config(configured(1, realServer(1, 5), realServer(2, 5))));

        assertThat(checked)
                .containsExactly(TargetChange.begin(Set.of(target(1))), TargetChange.begin(Set.of(target(2))));
    }

    @Test
    void answersAPingWhileItLivesAndRefusesItAfterwards() throws Exception {
        apply(config());
        get(loop.ping());

        loop.stop();
        thread.join();

        assertThat(loop.ping()).isCompletedExceptionally();
    }

    @Test
    void aPlanChangesNothing() {
        apply(config(configured(1, realServer(1, 1))));
        takeApplied();

        PlanOutcome outcome = get(loop.plan(config(configured(1, realServer(1, 2)))));

        assertThat(outcome.unsupported()).isEmpty();
        assertThat(outcome.plan().ops()).containsExactly(new IpvsOp.UpdateRealServer(key(1), realServer(1, 2)));
        assertThat(takeApplied()).isEmpty();
    }

    @Test
    void aSchedulerThatTheKernelLacksRefusesTheWholeConfiguration() {
        table.lacks(Scheduler.MAGLEV_HASHING);
        FairleadConfig followed = config(configured(1, realServer(1, 1)));
        apply(followed);
        takeApplied();

        ApplyOutcome outcome = apply(config(
                configured(1, realServer(1, 9)),
                configured(virtualServer(2, Scheduler.MAGLEV_HASHING), false, realServer(2, 1))));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ApplyOutcome.Unsupported.class,
                        unsupported -> assertThat(unsupported.reasons())
                                .singleElement()
                                .asString()
                                .contains("vs-TCP 192.0.2.2:80", "\"mh\"", "module ip_vs_mh"));
        assertThat(takeApplied()).isEmpty();
        assertThat(get(loop.look()).config()).isEqualTo(followed);
        assertThat(table.read().pools().values()).containsExactly(pool(1, realServer(1, 1)));
    }

    @Test
    void whatTheKernelRefusesIsReportedAndTriedAgainWhileTheRestIsFollowed() {
        health.put(new CheckTarget(REFUSED.key().address(), target(1).spec()), Verdict.HEALTHY);

        ApplyOutcome outcome = apply(config(configured(1, realServer(1, 1), REFUSED), configured(2, realServer(2, 1))));
        LoopView later = await(view -> view.reconcile().refusals() >= 2);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ApplyOutcome.Applied.class,
                        applied -> assertThat(applied.failures())
                                .singleElement()
                                .asString()
                                .contains("[2001:db8::1]:80"));
        assertThat(later.reconcile().failing()).singleElement().asString().contains("[2001:db8::1]:80");
        assertThat(table.read().pools().values()).containsExactly(pool(1, realServer(1, 1)), pool(2, realServer(2, 1)));
        apply(config(configured(1, realServer(1, 1)), configured(2, realServer(2, 1))));
        assertThat(get(loop.look()).reconcile().failing()).isEmpty();
    }

    @Test
    void aFailedChannelIsReportedAndRecoveredFrom() {
        apply(config());
        table.takeApplied();
        // The first operation is carried out, then the channel breaks; the probe for the scheduler is the first call.
        apply(config(configured(3, realServer(3, 1))));
        table.failChannelAfter(1, new KernelTimeoutException("apply", Duration.ofSeconds(1)));

        ApplyOutcome outcome = apply(config(
                configured(1, realServer(1, 1)), configured(2, realServer(2, 1)), configured(3, realServer(3, 1))));
        LoopView recovered = await(view -> view.reconcile().failing().isEmpty());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ApplyOutcome.Applied.class,
                        applied -> assertThat(applied.failures())
                                .containsExactly("apply: no answer from the kernel within 1000 ms"));
        assertThat(recovered.held())
                .isEqualTo(IpvsSnapshot.of(
                        List.of(pool(1, realServer(1, 1)), pool(2, realServer(2, 1)), pool(3, realServer(3, 1)))));
        assertThat(table.read()).isEqualTo(recovered.held());
    }

    @Test
    void aRemovalThatWasLostWithTheChannelIsMadeUpFor() {
        apply(config(configured(1, realServer(1, 1)), configured(2, realServer(2, 1))));
        table.failChannelAfter(0, new KernelTimeoutException("apply", Duration.ofSeconds(1)));

        apply(config(configured(1, realServer(1, 1))));
        LoopView failed = get(loop.look());
        LoopView recovered = await(view ->
                view.held().find(key(2)).isEmpty() && view.reconcile().failing().isEmpty());

        assertThat(failed.reconcile().refusals()).isPositive();
        assertThat(table.read()).isEqualTo(recovered.held());
        assertThat(table.read().pools()).containsOnlyKeys(key(1));
    }

    @Test
    void repairsAndCountsWhatSomeoneElseChanged() throws Exception {
        FairleadConfig config = config(
                Duration.ofSeconds(1), List.of(configured(1, realServer(1, 1)), configured(2, realServer(2, 1))));
        table.put(pool(1, realServer(1, 1)));
        table.put(pool(2, realServer(2, 1)));
        Interfering interfering = new Interfering(table);
        ControlLoop audited = new ControlLoop(
                interfering.proxy(),
                new PacketRuleFollower(ruleTable, new FakeConntrack()),
                config(),
                _ -> Verdict.HEALTHY,
                checked::add,
                Memory.NONE,
                PoolMemory.NOWHERE,
                new LonelyWishes(),
                EventSink.NOWHERE,
                Ticker.system());
        Thread auditing = new Thread(audited, "audited-loop-test");
        auditing.start();
        try {
            assertThat(get(audited.apply(config, false))).isEqualTo(new ApplyOutcome.Applied(0, List.of()));
            interfering.beforeNextReading(() -> {
                table.remove(key(1));
                table.put(pool(200, realServer(200, 1)));
            });
            long deadline = System.nanoTime() + LIMIT.toNanos();
            ReconcileStatus status = get(audited.look()).reconcile();
            while (status.drift() == 0) {
                assertThat(System.nanoTime()).as("%s", status).isLessThan(deadline);
                Thread.onSpinWait();
                status = get(audited.look()).reconcile();
            }

            assertThat(status.drift()).isEqualTo(1);
            assertThat(status.operations()).isEqualTo(2);
            assertThat(status.lastAudit()).isPresent();
            assertThat(status.failing()).isEmpty();
        } finally {
            audited.stop();
            assertThat(auditing.join(LIMIT)).isTrue();
        }
        assertThat(table.read())
                .isEqualTo(IpvsSnapshot.of(
                        List.of(pool(1, realServer(1, 1)), pool(2, realServer(2, 1)), pool(200, realServer(200, 1)))));
    }

    @Test
    void whatIsQueuedBehindAStopIsAnsweredWithAFailure() throws Exception {
        CompletableFuture<ApplyOutcome> first = loop.apply(config(configured(1, realServer(1, 1))), false);
        loop.stop();
        CompletableFuture<ApplyOutcome> apply = loop.apply(config(), false);
        CompletableFuture<PlanOutcome> plan = loop.plan(config());
        CompletableFuture<LoopView> look = loop.look();

        thread.start();

        assertThat(thread.join(LIMIT)).isTrue();
        assertThat(get(first)).isEqualTo(new ApplyOutcome.Applied(2, List.of()));
        for (CompletableFuture<?> late : List.of(apply, plan, look)) {
            assertThatThrownBy(() -> late.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("the appliance is stopping");
        }
        assertThat(table.read().pools().values()).containsExactly(pool(1, realServer(1, 1)));
    }

    @Test
    void aFullQueueRefusesInsteadOfGrowing() {
        List<CompletableFuture<LoopView>> views = new ArrayList<>();
        for (int i = 0; i < 257; i++) {
            views.add(loop.look());
        }

        assertThat(views.getLast()).isCompletedExceptionally();
        assertThat(views.subList(0, 256)).noneMatch(CompletableFuture::isDone);
        become(1, Health.UNHEALTHY); // not refused, and not lost
        thread.start();
        views.subList(0, 256).forEach(ControlLoopTest::get);
    }

    @Test
    void aVirtualServerThatLeavesDrainsAndStaysIfItComesBack() {
        apply(config(configured(1, realServer(1, 1)), configured(2, realServer(2, 3))));
        table.open(key(2), realServer(2, 3).key(), 5, 0);

        apply(config(configured(1, realServer(1, 1))));
        LoopView leaving = get(loop.look());
        apply(config(configured(1, realServer(1, 1)), configured(2, realServer(2, 3))));
        LoopView back = get(loop.look());

        assertThat(leaving.leaving()).containsExactly(key(2));
        assertThat(leaving.held().find(key(2))).contains(pool(2, realServer(2, 0)));
        assertThat(back.leaving()).isEmpty();
        assertThat(back.held().find(key(2))).contains(pool(2, realServer(2, 3)));
    }

    @Test
    void theGuardHoldsBackWhatRemovesTooMuchUnlessItIsForced() {
        FairleadConfig both = guarded(configured(1, realServer(1, 1), realServer(2, 1), realServer(3, 1)));
        FairleadConfig less = guarded(configured(1, realServer(1, 1)));
        apply(both);

        ApplyOutcome held = apply(less);
        PlanOutcome plan = get(loop.plan(less));
        FairleadConfig followed = get(loop.look()).config();
        ApplyOutcome forced = get(loop.apply(less, true));

        assertThat(held)
                .isEqualTo(new ApplyOutcome.HeldBack(
                        List.of("would remove 2 of 3 real servers at once (expected: at most 50 % unless forced)")));
        assertThat(plan.heldBack()).hasSize(1);
        assertThat(followed).isEqualTo(both);
        assertThat(forced).isInstanceOf(ApplyOutcome.Applied.class);
    }

    private static FairleadConfig guarded(ConfiguredVirtualServer... virtualServers) {
        FairleadConfig config = config(virtualServers);
        return new FairleadConfig(
                config.nodeName(),
                config.virtualServers(),
                config.resyncInterval(),
                new RemovalGuard(50, 50),
                new IpvsTimeouts(Duration.ofHours(2), Duration.ZERO, Duration.ZERO),
                config.stateDirectory(),
                config.admin(),
                MarkRange.DEFAULT,
                HostConfig.NONE,
                KubernetesConfig.OFF,
                MetricsConfig.OFF,
                config.events(),
                Optional.empty());
    }

    @Test
    void setsTheTimeoutsThatAreConfiguredAndNoOthers() {
        IpvsTimeouts before = table.readTimeouts();

        apply(guarded(configured(1, realServer(1, 1))));
        takeApplied();

        assertThat(table.readTimeouts())
                .isEqualTo(new IpvsTimeouts(Duration.ofHours(2), before.tcpFin(), before.udp()));
    }

    @Test
    void anOperatorTakesARealServerOutAndBack() {
        apply(config(configured(1, realServer(1, 4), realServer(2, 1))));
        table.open(key(1), realServer(1, 4).key(), 1, 0);
        RealServerName name =
                new RealServerName("vs-" + key(1), realServer(1, 4).key().toString());

        OperatorOutcome drained = get(loop.operate(name, new OperatorCommand.Drain(Optional.empty()), "test"));
        LoopView draining = get(loop.look());
        get(loop.operate(name, new OperatorCommand.SetWeight(Optional.of(9)), "test"));
        get(loop.operate(name, new OperatorCommand.Enable(), "test"));
        LoopView heavier = get(loop.look());
        get(loop.operate(name, new OperatorCommand.SetWeight(Optional.empty()), "test"));
        get(loop.operate(name, new OperatorCommand.Disable(), "test"));
        LoopView disabled = get(loop.look());

        assertThat(drained).isEqualTo(new OperatorOutcome.Followed(1, List.of()));
        assertThat(draining.held().find(key(1))).contains(pool(1, realServer(1, 0), realServer(2, 1)));
        assertThat(heavier.held().find(key(1))).contains(pool(1, realServer(1, 9), realServer(2, 1)));
        assertThat(disabled.held().find(key(1))).contains(pool(1, realServer(2, 1)));
        assertThat(disabled.overrides())
                .containsOnly(Map.entry(name, OperatorOverride.NONE.withState(AdminState.DISABLED, Optional.empty())));
        apply(config(configured(1, realServer(2, 1))));
        assertThat(get(loop.look()).overrides()).isEmpty();
    }

    @Test
    void whatAnOperatorSaidOnAPeerIsFollowed() {
        apply(config(configured(1, realServer(1, 5))));
        RealServerName name =
                new RealServerName("vs-" + key(1), realServer(1, 5).key().toString());
        await(view -> !view.held().find(key(1)).orElseThrow().realServers().isEmpty());

        wishes.say(name, OperatorOverride.NONE.withState(AdminState.DISABLED, Optional.empty()));
        loop.wishesChanged("peer 192.0.2.2");

        await(view -> view.held().find(key(1)).orElseThrow().realServers().isEmpty());
        wishes.say(name, OperatorOverride.NONE);
        loop.wishesChanged("peer 192.0.2.2");
        await(view -> !view.held().find(key(1)).orElseThrow().realServers().isEmpty());
    }

    @Test
    void aSlowStartIsAsFarAsAtTheMaster() {
        apply(config(startingSlowly(configured(1, realServer(1, 21)))));
        RealServerName name =
                new RealServerName("vs-" + key(1), realServer(1, 5).key().toString());
        await(view -> holds(view, realServer(1, 1)));

        loop.masterChanged(Map.of(
                name, new MemberState.Serving(Optional.of(Ticker.system().now().plus(Duration.ofMinutes(-30))))));
        await(view -> holds(view, realServer(1, 11)));

        loop.masterChanged(Map.of());
        assertThat(holds(get(loop.look()), realServer(1, 11)))
                .as("it goes on from there")
                .isTrue();
    }

    private static boolean holds(LoopView view, RealServer realServer) {
        return view.held().find(key(1)).equals(Optional.of(pool(1, realServer)));
    }

    private static ConfiguredVirtualServer startingSlowly(ConfiguredVirtualServer configured) {
        VirtualServerSpec spec = configured.spec();
        return new ConfiguredVirtualServer(
                new VirtualServerSpec(
                        spec.name(),
                        spec.virtualServer(),
                        spec.policy().withSlowStart(Duration.ofHours(1)),
                        spec.realServers()),
                configured.checks());
    }

    @Test
    void whatThereIsNotCannotBeOperated() {
        apply(config(configured(1, realServer(1, 1))));

        assertThat(get(loop.operate(new RealServerName("web", "web-1"), new OperatorCommand.Enable(), "test")))
                .isEqualTo(new OperatorOutcome.NotFound("virtual server web"));
        assertThat(get(loop.operate(new RealServerName("vs-" + key(1), "web-1"), new OperatorCommand.Enable(), "test")))
                .isEqualTo(new OperatorOutcome.NotFound("real server vs-" + key(1) + "/web-1"));
    }

    @Test
    void rememberedLeftoversDrainRememberedOverridesHoldAndForeignEntriesStay() throws Exception {
        table.put(pool(1, realServer(1, 1)));
        table.put(pool(2, realServer(2, 1))); // ours, from an earlier run
        table.put(pool(3, realServer(3, 1))); // somebody's
        RealServerName name =
                new RealServerName("vs-" + key(1), realServer(1, 1).key().toString());
        OperatorOverride disabled = OperatorOverride.NONE.withState(AdminState.DISABLED, Optional.empty());
        Memory memory = new Memory(
                Map.of(key(1), PoolState.INITIAL, key(2), PoolState.INITIAL, key(4), PoolState.INITIAL),
                Wishes.NONE,
                Set.of(),
                Map.of());
        Map<VirtualServerKey, Boolean> noted = new ConcurrentHashMap<>();
        wishes.say(name, disabled);
        ControlLoop second = new ControlLoop(
                table,
                new PacketRuleFollower(ruleTable, new FakeConntrack()),
                config(),
                _ -> Verdict.HEALTHY,
                checked::add,
                memory,
                (key, state) -> noted.put(key, state.isPresent()),
                wishes,
                EventSink.NOWHERE,
                Ticker.system());
        Thread running = new Thread(second, "second-loop-test");
        running.start();
        try {
            get(second.apply(config(configured(1, realServer(1, 1))), false));
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (get(second.look()).held().find(key(2)).isPresent()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
        } finally {
            second.stop();
            assertThat(running.join(LIMIT)).isTrue();
        }

        assertThat(table.read()).isEqualTo(IpvsSnapshot.of(List.of(pool(1), pool(3, realServer(3, 1)))));
        assertThat(noted).containsOnly(Map.entry(key(1), true), Map.entry(key(2), false), Map.entry(key(4), false));
    }

    /** A table that someone else changes just before it is read. */
    private static final class Interfering {

        private final IpvsTable table;
        private volatile Runnable interference = () -> {};

        Interfering(IpvsTable table) {
            this.table = table;
        }

        void beforeNextReading(Runnable change) {
            interference = change;
        }

        IpvsTable proxy() {
            return (IpvsTable) java.lang.reflect.Proxy.newProxyInstance(
                    IpvsTable.class.getClassLoader(), new Class<?>[] {IpvsTable.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("readVirtualServers")) {
                            Runnable change = interference;
                            interference = () -> {};
                            change.run();
                        }
                        return method.invoke(table, arguments);
                    });
        }
    }
}
