package io.fairlead.appliance.loop;

import static io.fairlead.appliance.loop.Configs.config;
import static io.fairlead.appliance.loop.Configs.configured;
import static io.fairlead.appliance.loop.Configs.key;
import static io.fairlead.appliance.loop.Configs.realServer;
import static io.fairlead.appliance.loop.Configs.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.loop.Intent.Difference;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.RemovalGuard.Removal;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.check.TcpProbeSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntentTest {

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void followsAnySequenceOfConfigurationsLikeANaiveModel(long seed) {
        Random random = new Random(seed);
        FairleadConfig before = random(random);
        Intent intent = new Intent(before);
        for (int i = 0; i < 30; i++) {
            FairleadConfig next = random(random);
            Map<VirtualServerKey, ConfiguredVirtualServer> was = byKey(before);
            Map<VirtualServerKey, ConfiguredVirtualServer> is = byKey(next);

            Difference difference = intent.difference(next);
            TargetChange targetChange = intent.change(next, difference);

            Set<VirtualServerKey> gone = new HashSet<>(was.keySet());
            gone.removeAll(is.keySet());
            assertThat(difference.removed()).isEqualTo(gone);
            assertThat(difference.changed())
                    .containsExactlyElementsOf(next.virtualServers().stream()
                            .filter(virtualServer -> !virtualServer.equals(
                                    was.get(virtualServer.spec().key())))
                            .toList());
            assertThat(targetChange.begun()).isEqualTo(without(targets(next), targets(before)));
            assertThat(targetChange.ended()).isEqualTo(without(targets(before), targets(next)));
            for (int number = 1; number < 10; number++) {
                assertThat(intent.has(key(number))).isEqualTo(is.containsKey(key(number)));
                CheckTarget target = target(number);
                assertThat(intent.affectedBy(Set.of(target)))
                        .isEqualTo(is.values().stream()
                                .filter(virtualServer -> virtualServer.targets().contains(target))
                                .map(virtualServer -> virtualServer.spec().key())
                                .collect(Collectors.toSet()));
            }
            is.forEach((key, virtualServer) -> {
                assertThat(intent.find(key)).contains(virtualServer);
                assertThat(intent.named(virtualServer.spec().name())).contains(virtualServer);
            });
            assertThat(intent.named("nobody")).isEmpty();
            assertThat(intent.config()).isEqualTo(next);
            before = next;
        }
    }

    private static FairleadConfig random(Random random) {
        List<ConfiguredVirtualServer> virtualServers = new ArrayList<>();
        for (int number = 1; number < 10; number++) {
            if (random.nextInt(3) > 0) {
                List<RealServer> realServers = new ArrayList<>();
                for (int i = 1; i < 10; i++) {
                    if (random.nextInt(8) == 0) {
                        realServers.add(realServer(i, random.nextInt(2)));
                    }
                }
                virtualServers.add(configured(number, realServers.toArray(RealServer[]::new)));
            }
        }
        return config(virtualServers.toArray(ConfiguredVirtualServer[]::new));
    }

    private static Map<VirtualServerKey, ConfiguredVirtualServer> byKey(FairleadConfig config) {
        Map<VirtualServerKey, ConfiguredVirtualServer> byKey = new HashMap<>();
        config.virtualServers()
                .forEach(virtualServer -> byKey.put(virtualServer.spec().key(), virtualServer));
        return byKey;
    }

    private static Set<CheckTarget> targets(FairleadConfig config) {
        return config.virtualServers().stream()
                .flatMap(virtualServer -> virtualServer.targets().stream())
                .collect(Collectors.toSet());
    }

    private static Set<CheckTarget> without(Set<CheckTarget> targets, Set<CheckTarget> others) {
        Set<CheckTarget> rest = new HashSet<>(targets);
        rest.removeAll(others);
        return rest;
    }

    /** Of direct routing, checked through the virtual server. */
    private static ConfiguredVirtualServer through(int number, int realServer) {
        ConfiguredVirtualServer plain = configured(number, realServer(realServer, 1));
        ConnectionSpec connection = ConnectionSpec.DEFAULT.through(
                realServer(realServer, 1).key().address().address(), realServer);
        CheckTarget target = new CheckTarget(
                ServerAddress.parse("192.0.2." + number + ":80"),
                target(realServer).spec().withProbe(new TcpProbeSpec(connection)));
        return new ConfiguredVirtualServer(plain.spec(), List.of(CheckSet.of(target)));
    }

    @Test
    void pathsOfChecksComeAndGoWithTheLastThatNeedsThem() {
        VirtualServerKey path = new FwmarkKey(IpFamily.IPV4, 7);
        Intent intent = new Intent(config());
        FairleadConfig two = config(through(1, 7), through(2, 7));
        FairleadConfig one = config(through(2, 7));
        FairleadConfig plain = config(configured(2, realServer(7, 1)));

        Difference first = intent.difference(two);
        intent.change(two, first);
        Difference second = intent.difference(one);
        intent.change(one, second);
        boolean keptMeanwhile = intent.has(path);
        Difference third = intent.difference(plain);
        List<Removal> removals = intent.removals(third);
        intent.change(plain, third);

        assertThat(first.changedKeys()).containsExactlyInAnyOrder(key(1), key(2), path);
        assertThat(second.changedKeys()).isEmpty();
        assertThat(second.removed()).containsExactly(key(1));
        assertThat(keptMeanwhile).isTrue();
        assertThat(third.removed()).containsExactly(path);
        assertThat(removals.getFirst().removed()).isZero();
        assertThat(intent.has(path)).isFalse();
    }

    @Test
    void aPathThatBecomesAVirtualServerIsKept() {
        VirtualServerKey path = new FwmarkKey(IpFamily.IPV4, 7);
        Intent intent = new Intent(config(through(1, 7)));
        FairleadConfig next = config(configured(
                new VirtualServer(path, Scheduler.ROUND_ROBIN, Set.of(), Optional.empty(), false),
                false,
                realServer(1, 1)));

        Difference difference = intent.difference(next);

        assertThat(difference.removed()).containsExactly(key(1));
        assertThat(difference.changedKeys()).containsExactly(path);
    }

    @Test
    void saysNothingOfTheChecksWhenAWeightChanges() {
        Intent intent = new Intent(config(configured(1, realServer(1, 1)), configured(2, realServer(2, 1))));
        FairleadConfig next = config(configured(1, realServer(1, 9)), configured(2, realServer(2, 1)));

        assertThat(intent.change(next, intent.difference(next)).isEmpty()).isTrue();
    }

    @Test
    void checksATargetAsLongAsOneVirtualServerUsesIt() {
        Intent intent = new Intent(config(configured(1, realServer(1, 1)), configured(2, realServer(1, 1))));
        FairleadConfig one = config(configured(2, realServer(1, 1)));
        FairleadConfig none = config();

        assertThat(intent.change(one, intent.difference(one)).isEmpty()).isTrue();
        assertThat(intent.change(none, intent.difference(none)).ended()).containsExactly(target(1));
    }
}
