package io.fairlead.appliance.loop;

import static io.fairlead.appliance.loop.Configs.config;
import static io.fairlead.appliance.loop.Configs.configured;
import static io.fairlead.appliance.loop.Configs.key;
import static io.fairlead.appliance.loop.Configs.realServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.PoolMemory;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.execute.PacketRuleFollower;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.testing.FakeConntrack;
import io.fairlead.core.kernel.testing.FakeIpvsTable;
import io.fairlead.core.kernel.testing.FakePacketRuleTable;
import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.core.net.PortRange;
import io.fairlead.core.policy.DesiredPacketRules;
import io.fairlead.core.policy.PacketHandling;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop keeps packet rules in step with virtual servers. */
class PacketRuleKeepingTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final FakeIpvsTable table = new FakeIpvsTable();
    private final FakePacketRuleTable rules = new FakePacketRuleTable();
    private final FakeConntrack conntrack = new FakeConntrack();
    private final ControlLoop loop = new ControlLoop(
            table,
            new PacketRuleFollower(rules, conntrack),
            config(),
            _ -> Verdict.HEALTHY,
            _ -> {},
            Memory.NONE,
            PoolMemory.NOWHERE,
            new LonelyWishes(),
            EventSink.NOWHERE,
            Ticker.system());
    private final Thread thread = new Thread(loop, "packet-rule-test");

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

    private static PacketDestination destination(int number) {
        AddressKey key = (AddressKey) key(number);
        return new PacketDestination(
                key.protocol(),
                key.address().address(),
                PortRange.single(key.address().port()));
    }

    private static ConfiguredVirtualServer handled(int number, boolean sourceNat, String allowed) {
        ConfiguredVirtualServer plain = configured(number, realServer(number, 1));
        return new ConfiguredVirtualServer(
                plain.spec(),
                plain.checks(),
                new PacketHandling(
                        List.of(destination(number)),
                        OptionalLong.empty(),
                        sourceNat,
                        Optional.of(Set.of(IpPrefix.parse(allowed)))));
    }

    private static PacketDestination port(int number, int port) {
        PacketDestination destination = destination(number);
        return new PacketDestination(destination.protocol(), destination.address(), PortRange.single(port));
    }

    private static ConfiguredVirtualServer folded(int number, int... ports) {
        VirtualServer virtualServer = new VirtualServer(
                new FwmarkKey(IpFamily.IPV4, 1000 + number),
                Scheduler.WEIGHTED_ROUND_ROBIN,
                Set.of(),
                Optional.empty(),
                false);
        ConfiguredVirtualServer plain = configured(virtualServer, false, realServer(number, 1));
        return new ConfiguredVirtualServer(
                plain.spec(),
                plain.checks(),
                new PacketHandling(
                        Arrays.stream(ports)
                                .mapToObj(port -> port(number, port))
                                .toList(),
                        OptionalLong.of(1000 + number),
                        false,
                        Optional.empty()));
    }

    @Test
    void rulesFollowTheConfiguration() {
        ApplyOutcome first = apply(config(handled(1, true, "10.0.0.0/8"), configured(2, realServer(2, 1))));
        ApplyOutcome second = apply(config(handled(1, true, "10.0.0.0/8"), configured(2, realServer(2, 1))));

        assertThat(first).isEqualTo(new ApplyOutcome.Applied(1 + 4, List.of()));
        assertThat(second).isEqualTo(new ApplyOutcome.Applied(0, List.of()));
        assertThat(rules.held().sourceNat()).containsExactly(destination(1));
        assertThat(rules.held().allowedSources()).containsOnlyKeys(destination(1));
        assertThat(conntrack.isOn()).isTrue();
        assertThat(get(loop.look()).packetRules().destinations()).isEqualTo(2);
    }

    @Test
    void rulesOfAVirtualServerThatGoesGoToo() {
        apply(config(handled(1, false, "10.0.0.0/8"), handled(2, false, "10.0.0.0/8")));

        apply(config(handled(2, false, "198.51.100.0/24")));

        await(view -> view.leaving().isEmpty() && view.packetRules().destinations() == 1);
        assertThat(rules.held().allowedSources()).containsOnlyKeys(destination(2));
        apply(config());
        await(view -> view.leaving().isEmpty() && view.packetRules().destinations() == 0);
        assertThat(rules.held()).isEqualTo(PacketRules.NONE);
    }

    @Test
    void aVirtualServerThatDrainsKeepsItsRulesUntilItIsGone() {
        apply(config(handled(1, true, "10.0.0.0/8")));
        table.open(key(1), realServer(1, 1).key(), 1, 0);

        PlanOutcome plan = get(loop.plan(config()));
        apply(config());

        assertThat(plan.packetRules()).isEmpty();
        assertThat(get(loop.look()).leaving()).containsExactly(key(1));
        assertThat(rules.held().allowedSources()).containsOnlyKeys(destination(1));
        table.open(key(1), realServer(1, 1).key(), 0, 0);
        await(view -> view.leaving().isEmpty() && view.packetRules().destinations() == 0);
        assertThat(rules.held()).isEqualTo(PacketRules.NONE);
    }

    @Test
    void whoeverComesForThePacketsOfOneThatDrainsGetsThem() {
        apply(config(folded(1, 80, 443)));
        table.open(folded(1).spec().key(), realServer(1, 1).key(), 1, 0);

        apply(config(configured(1, realServer(2, 1)))); // 192.0.2.1:80

        assertThat(get(loop.look()).leaving()).containsExactly(folded(1).spec().key());
        assertThat(rules.held().marks().keySet()).containsExactly(port(1, 443));
    }

    @Test
    void rulesOfACrashGoWithTheFirstConfiguration() {
        rules.replace(
                DesiredPacketRules.of(List.of(handled(7, false, "10.0.0.0/8").packets())));

        apply(config(configured(1, realServer(1, 1))));

        assertThat(rules.held()).isEqualTo(PacketRules.NONE);
    }

    @Test
    void aVirtualServerWhoseRulesAreRefusedWaitsAndOthersDoNot() {
        rules.refuse(Errno.ENOMEM);

        ApplyOutcome outcome = apply(config(handled(1, false, "10.0.0.0/8"), configured(2, realServer(2, 1))));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ApplyOutcome.Applied.class,
                        applied -> assertThat(applied.failures()).anyMatch(failure -> failure.contains("ENOMEM")));
        LoopView waiting = get(loop.look());
        assertThat(waiting.held().find(key(1))).isEmpty();
        assertThat(waiting.held().find(key(2))).isPresent();
        rules.accept();
        await(view -> view.held().find(key(1)).isPresent());
        assertThat(rules.held().allowedSources()).containsOnlyKeys(destination(1));
    }

    @Test
    void aVirtualServerThatServesIsNotHeldBackByRulesThatFailLater() {
        apply(config(handled(1, false, "10.0.0.0/8")));
        rules.refuse(Errno.ENOMEM);

        ConfiguredVirtualServer heavier = configured(1, realServer(1, 7));
        apply(config(new ConfiguredVirtualServer(
                heavier.spec(),
                heavier.checks(),
                handled(1, false, "198.51.100.0/24").packets())));

        assertThat(get(loop.look())
                        .held()
                        .find(key(1))
                        .orElseThrow()
                        .realServers()
                        .firstEntry()
                        .getValue()
                        .weight())
                .isEqualTo(7);
    }

    @Test
    void mendsAndCountsWhatSomeoneElseDid() {
        apply(config(Duration.ofSeconds(1), List.of(handled(1, false, "10.0.0.0/8"))));

        rules.damage();

        LoopView view = await(now -> now.packetRules().drift() == 1);
        assertThat(view.packetRules().failing()).isEmpty();
        assertThat(rules.holds(rules.held())).isTrue();
    }

    @Test
    void aPlanSaysWhatWouldChangeInTheWordsOfNft() {
        apply(config(handled(1, false, "10.0.0.0/8")));

        PlanOutcome plan = get(loop.plan(config(handled(1, true, "10.0.0.0/8"))));

        assertThat(plan.packetRules())
                .containsExactly("nft add element inet fairlead source-nat4 { tcp . 192.0.2.1 . 80 }");
    }
}
