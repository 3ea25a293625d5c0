package io.fairlead.appliance.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.peers.SharedKeeper;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.PoolMemory;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.KubernetesServers;
import io.fairlead.conf.KubernetesTemplate;
import io.fairlead.core.execute.PacketRuleFollower;
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
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.reconcile.IpvsAdmText;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.shared.Wishes;
import io.fairlead.kube.address.AddressPool;
import io.fairlead.kube.address.AddressRange;
import io.fairlead.kube.json.ManifestReader;
import io.fairlead.kube.mapping.ClusterMapping;
import io.fairlead.kube.mapping.LabelSelector;
import io.fairlead.kube.mapping.MappingSpec;
import io.fairlead.kube.mapping.ServiceFilter;
import io.fairlead.kube.model.ObjectName;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of entries of the kernel when a cluster changes, all the way: objects, mapping, virtual servers, loop. The
 * number in a name is that of the case. As in {@link ControlLoopTest} the test touches the table while the loop is idle.
 */
class ClusterToKernelTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ONE = "198.51.100.1";
    private static final String TWO = "198.51.100.2";

    private final FakeIpvsTable table = new FakeIpvsTable();
    private final ClusterMapping cluster = new ClusterMapping(
            new ServiceFilter(Optional.empty(), true, Set.of(), LabelSelector.EVERYTHING),
            MappingSpec.PODS,
            List.of(new AddressPool("public", List.of(AddressRange.parse("203.0.113.1")), true)));
    private KubernetesServers servers = KubernetesServers.NONE;
    private Optional<ControlLoop> running = Optional.empty();
    private final Thread thread = new Thread(() -> running.orElseThrow().run(), "cluster-to-kernel-test");

    private void start(Memory remembered) {
        running = Optional.of(new ControlLoop(
                table,
                new PacketRuleFollower(new FakePacketRuleTable(), new FakeConntrack()),
                Configs.config(),
                _ -> Verdict.HEALTHY,
                _ -> {},
                remembered,
                PoolMemory.NOWHERE,
                new SharedKeeper(Wishes.NONE, _ -> {}, EventSink.NOWHERE),
                EventSink.NOWHERE,
                Ticker.system()));
        thread.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (running.isPresent()) {
            running.get().stop();
            assertThat(thread.join(LIMIT)).isTrue();
        }
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Takes objects of the cluster, and returns what was done to the kernel for them. */
    private List<String> take(String... objects) throws IOException {
        for (String object : objects) {
            ManifestReader.read(new StringReader(object)).forEach(cluster::put);
        }
        return follow();
    }

    private List<String> follow() {
        if (running.isEmpty()) {
            start(Memory.NONE);
        }
        ControlLoop loop = running.orElseThrow();
        table.takeApplied();
        servers = servers.changedTo(KubernetesTemplate.UNCHECKED, cluster.mapped(), cluster.refresh());
        List<ConfiguredVirtualServer> all = servers.beside(List.of()).virtualServers();
        assertThat(get(loop.apply(Configs.config(Configs.NO_AUDIT, all), true)))
                .isInstanceOfSatisfying(
                        ApplyOutcome.Applied.class,
                        applied -> assertThat(applied.failures()).isEmpty());
        LoopView _ = get(loop.look());
        return table.takeApplied().stream().map(IpvsAdmText::line).toList();
    }

    private static String service(TransportProtocol protocol, String more) {
        return """
            {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "ns", "name": "s", "uid": "1"},
             "spec": {"type": "LoadBalancer", %s "clusterIP": "192.0.2.1", "clusterIPs": ["192.0.2.1"],
              "ipFamilies": ["IPv4"], "ports": [{"name": "p", "port": 53, "protocol": "%s"}]}}
            """.formatted(more, protocol);
    }

    private static String ready(String address) {
        return endpoint(address, "true", "true", "false");
    }

    private static String ending(String address) {
        return endpoint(address, "false", "true", "true");
    }

    private static String dead(String address) {
        return endpoint(address, "false", "false", "true");
    }

    private static String endpoint(String address, String ready, String serving, String terminating) {
        return "{\"addresses\": [\"%s\"], \"conditions\": {\"ready\": %s, \"serving\": %s, \"terminating\": %s}}"
                .formatted(address, ready, serving, terminating);
    }

    private static String slice(TransportProtocol protocol, int port, String... endpoints) {
        return """
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
             "metadata": {"namespace": "ns", "name": "s-1", "labels": {"kubernetes.io/service-name": "s"}},
             "addressType": "IPv4", "ports": [{"name": "p", "protocol": "%s", "port": %d}], "endpoints": [%s]}
            """.formatted(protocol, port, String.join(", ", endpoints));
    }

    private static String slice(TransportProtocol protocol, String... endpoints) {
        return slice(protocol, 53, endpoints);
    }

    private static VirtualServerKey key(TransportProtocol protocol) {
        return new AddressKey(protocol, ServerAddress.parse("203.0.113.1:53"));
    }

    private void open(TransportProtocol protocol, String address, long active, long inactive) {
        table.open(key(protocol), new RealServerKey(ServerAddress.parse(address + ":53")), active, inactive);
    }

    /** Returns what the kernel holds of ours. */
    private IpvsSnapshot held() {
        return get(running.orElseThrow().look()).held();
    }

    /** Returns the weights by address. */
    private Map<String, Integer> weights(TransportProtocol protocol) {
        return held().find(key(protocol)).orElseThrow().realServers().values().stream()
                .collect(Collectors.toMap(
                        realServer -> realServer.key().address().toString(), RealServer::weight));
    }

    /** Puts a virtual server into the kernel, as an earlier process left it. */
    private void left(TransportProtocol protocol, RealServer... realServers) {
        table.put(Pool.of(
                new VirtualServer(key(protocol), new Scheduler("wlc"), Set.of(), Optional.empty(), false),
                Arrays.asList(realServers)));
    }

    private static RealServer realServer(String address, int weight) {
        return new RealServer(
                new RealServerKey(ServerAddress.parse(address + ":53")),
                ForwardingMethod.MASQUERADE,
                weight,
                ConnectionThresholds.NONE);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void serveTwo(TransportProtocol protocol) throws IOException {
        take(service(protocol, ""), slice(protocol, ready(ONE), ready(TWO)));
        assertThat(weights(protocol)).containsOnly(Map.entry(ONE + ":53", 1), Map.entry(TWO + ":53", 1));
    }

    @Test
    void case73AnEndpointWithoutConnectionsIsRemovedAtOnce() throws IOException {
        serveTwo(TransportProtocol.TCP);

        take(slice(TransportProtocol.TCP, ready(TWO)));

        await("it is gone", () -> weights(TransportProtocol.TCP).keySet().equals(Set.of(TWO + ":53")));
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportProtocol.class,
            names = {"TCP", "SCTP"})
    void case74AndTheTcpOf86AnEndpointWithConnectionsKeepsThemAndGetsNoNewOnes(TransportProtocol protocol)
            throws IOException {
        serveTwo(protocol);
        open(protocol, ONE, 10, 0);

        take(slice(protocol, ready(TWO)));

        assertThat(weights(protocol)).containsOnly(Map.entry(ONE + ":53", 0), Map.entry(TWO + ":53", 1));
    }

    @Test
    void case75AnEndpointWhoseConnectionsWaitForTheirTimersIsKeptToo() throws IOException {
        serveTwo(TransportProtocol.TCP);
        open(TransportProtocol.TCP, ONE, 0, 10);

        take(slice(TransportProtocol.TCP, ready(TWO)));

        assertThat(weights(TransportProtocol.TCP)).containsEntry(ONE + ":53", 0);
    }

    @Test
    void case76And85AnEndpointOfUdpThatIsGoneOrDeadIsRemovedAtOnceWhateverIsOpen() throws IOException {
        serveTwo(TransportProtocol.UDP);
        open(TransportProtocol.UDP, ONE, 10, 10);

        assertThat(take(slice(TransportProtocol.UDP, ready(TWO), dead(ONE))))
                .containsExactly("ipvsadm -d -u 203.0.113.1:53 -r 198.51.100.1:53");

        serveTwo(TransportProtocol.UDP);
        assertThat(take(slice(TransportProtocol.UDP, ready(TWO))))
                .containsExactly("ipvsadm -d -u 203.0.113.1:53 -r 198.51.100.1:53");
    }

    @Test
    void case85SoIsTheOldPortOfOneThatServes() throws IOException {
        serveTwo(TransportProtocol.UDP);
        open(TransportProtocol.UDP, ONE, 10, 10);

        take(slice(TransportProtocol.UDP, 5353, ready(ONE), ready(TWO)));

        assertThat(weights(TransportProtocol.UDP)).containsOnlyKeys(ONE + ":5353", TWO + ":5353");
    }

    @Test
    void case89AnEndpointOfUdpThatEndsButServesKeepsItsClientsUntilItIsGone() throws IOException {
        serveTwo(TransportProtocol.UDP);
        open(TransportProtocol.UDP, ONE, 10, 10);

        take(slice(TransportProtocol.UDP, ready(TWO), ending(ONE)));
        assertThat(weights(TransportProtocol.UDP)).containsOnly(Map.entry(ONE + ":53", 0), Map.entry(TWO + ":53", 1));

        take(slice(TransportProtocol.UDP, ready(TWO)));
        assertThat(weights(TransportProtocol.UDP)).containsOnlyKeys(TWO + ":53");
    }

    @Test
    void case88AServiceOfUdpWithoutEndpointsKeepsItsVirtualServer() throws IOException {
        serveTwo(TransportProtocol.UDP);

        take(slice(TransportProtocol.UDP));
        assertThat(weights(TransportProtocol.UDP)).isEmpty();

        assertThat(take(slice(TransportProtocol.UDP, ready(ONE)))).hasSize(1);
    }

    @Test
    void case77RemovingWhatIsNotThereTouchesNothingElse() throws IOException {
        serveTwo(TransportProtocol.UDP);
        table.apply(List.of(new IpvsOp.DeleteRealServer(
                key(TransportProtocol.UDP), new RealServerKey(ServerAddress.parse(ONE + ":53")))));

        take(slice(TransportProtocol.UDP, ready(TWO)));

        assertThat(weights(TransportProtocol.UDP)).containsOnlyKeys(TWO + ":53");
    }

    @Test
    void case78AnEndpointThatComesBackWhileItDrainsServesAtOnce() throws IOException {
        serveTwo(TransportProtocol.TCP);
        open(TransportProtocol.TCP, ONE, 10, 0);
        take(slice(TransportProtocol.TCP, ready(TWO)));

        assertThat(take(slice(TransportProtocol.TCP, ready(ONE), ready(TWO))))
                .containsExactly("ipvsadm -e -t 203.0.113.1:53 -r 198.51.100.1:53 -m -w 1");
    }

    @Test
    void case79And80ARestartServesByWhatIsWantedAndDrainsWhatIsNot() throws IOException {
        left(TransportProtocol.TCP, realServer(ONE, 0), realServer(TWO, 1));
        open(TransportProtocol.TCP, TWO, 1, 0);

        take(service(TransportProtocol.TCP, ""), slice(TransportProtocol.TCP, ready(ONE)));

        assertThat(weights(TransportProtocol.TCP)).containsOnly(Map.entry(ONE + ":53", 1), Map.entry(TWO + ":53", 0));
    }

    @Test
    void case81AVirtualServerOfAServiceThatWentMeanwhileIsRemovedAndOthersStay() throws IOException {
        VirtualServerKey others = new AddressKey(TransportProtocol.TCP, ServerAddress.parse("[2001:db8::1]:53"));
        left(TransportProtocol.TCP);
        table.put(
                Pool.of(new VirtualServer(others, new Scheduler("rr"), Set.of(), Optional.empty(), false), List.of()));
        start(new Memory(Map.of(key(TransportProtocol.TCP), PoolState.INITIAL), Wishes.NONE, Set.of(), Map.of()));

        take();

        await("ours is gone", () -> held().pools().isEmpty());
        assertThat(table.readVirtualServers()).extracting(VirtualServer::key).containsExactly(others);
    }

    @Test
    void case82ChangesAVirtualServerInPlace() throws IOException {
        serveTwo(TransportProtocol.TCP);

        assertThat(take(service(TransportProtocol.TCP, "\"sessionAffinity\": \"ClientIP\",")))
                .containsExactly("ipvsadm -E -t 203.0.113.1:53 -s wlc -p 10800");
        assertThat(take(service(TransportProtocol.TCP, ""))).containsExactly("ipvsadm -E -t 203.0.113.1:53 -s wlc");
    }

    @Test
    void case97AServiceUnderTheNameOfADeletedOneTakesItsPlace() throws IOException {
        serveTwo(TransportProtocol.TCP);
        open(TransportProtocol.TCP, ONE, 10, 0);

        cluster.removeService(new ObjectName("ns", "s"));
        take(service(TransportProtocol.UDP, "").replace("\"uid\": \"1\"", "\"uid\": \"2\""));

        assertThat(weights(TransportProtocol.TCP)).as("drains").containsEntry(ONE + ":53", 0);
        assertThat(held().find(key(TransportProtocol.UDP))).isPresent();
    }
}
