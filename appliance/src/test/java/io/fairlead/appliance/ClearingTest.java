package io.fairlead.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.kernel.testing.FakeAddressTable;
import io.fairlead.core.kernel.testing.FakeIpvsTable;
import io.fairlead.core.kernel.testing.FakePacketRuleTable;
import io.fairlead.core.kernel.testing.FakeSyncDaemons;
import io.fairlead.core.kernel.testing.FakeSysctlTable;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncRole;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.PortRange;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.reconcile.AddressOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ClearingTest {

    private static final Pool WEB = pool("192.0.2.10:443");
    private static final Pool GONE = pool("192.0.2.11:443");
    private static final Pool FOREIGN = pool("[2001:db8::10]:443");
    private static final InterfaceAddressKey VIP = address("192.0.2.10");
    private static final InterfaceAddressKey OF_THE_OPERATOR = address("192.0.2.1");

    private final List<String> failures = new ArrayList<>();

    private static Pool pool(String address) {
        VirtualServerKey key = new VirtualServerKey.AddressKey(TransportProtocol.TCP, ServerAddress.parse(address));
        return Pool.of(new VirtualServer(key, Scheduler.ROUND_ROBIN, Set.of(), Optional.empty(), false), List.of());
    }

    private static InterfaceAddressKey address(String address) {
        return new InterfaceAddressKey("eth0", IpAddress.parse(address), 32);
    }

    @Test
    void removesTheVirtualServersOfOursThatAreThereAndNoOther() {
        FakeIpvsTable table = new FakeIpvsTable();
        table.put(WEB);
        table.put(FOREIGN);

        int removed = Clearing.removeVirtualServers(
                table, Set.of(WEB.virtualServer().key(), GONE.virtualServer().key()), failures);

        assertThat(removed).isEqualTo(1);
        assertThat(table.read().pools().values()).containsExactly(FOREIGN);
        assertThat(failures).isEmpty();
    }

    @Test
    void removesTheTableOfRules() {
        FakePacketRuleTable table = new FakePacketRuleTable();
        PacketDestination web =
                new PacketDestination(TransportProtocol.TCP, IpAddress.parse("192.0.2.10"), PortRange.single(443));
        table.replace(new PacketRules(new TreeMap<>(), new TreeSet<>(Set.of(web)), new TreeMap<>()));

        assertThat(Clearing.removePacketRules(table)).isTrue();
        assertThat(table.holds(PacketRules.NONE)).isTrue();
        assertThat(Clearing.removePacketRules(table)).isFalse();
    }

    @Test
    void removesTheAddressesOfOursAndNoOther() {
        FakeAddressTable table = new FakeAddressTable();
        table.addEthernet("eth0");
        table.addForeign(OF_THE_OPERATOR);
        assertThat(table.apply(List.of(new AddressOp.AddAddress(new InterfaceAddress(VIP, Optional.empty()))))
                        .failures())
                .isEmpty();

        int removed = Clearing.removeAddresses(table, Set.of(), failures);

        assertThat(removed).isEqualTo(1);
        assertThat(table.readAddresses()).extracting(status -> status.key()).containsExactly(OF_THE_OPERATOR);
        assertThat(failures).isEmpty();
    }

    @Test
    void saysWhatTheKernelRefused() {
        FakeAddressTable table = new FakeAddressTable();
        table.addForeign(VIP); // on an interface that is not there, which is refused

        int removed = Clearing.removeAddresses(table, Set.of(VIP), failures);

        assertThat(removed).isZero();
        assertThat(failures).singleElement().asString().contains("ENODEV");
    }

    private static SyncDaemon daemon(SyncRole role, int id) {
        return new SyncDaemon(role, "eth0", id, SyncDaemon.Channel.KERNEL_DEFAULT, 0);
    }

    @Test
    void stopsTheSyncDaemonsOfOursAndNoOther() {
        FakeSyncDaemons daemons = new FakeSyncDaemons(Set.of("eth0"));
        daemons.start(daemon(SyncRole.MASTER, 51));
        daemons.start(daemon(SyncRole.BACKUP, 7));

        int stopped =
                Clearing.stopSyncDaemons(daemons, List.of(daemon(SyncRole.MASTER, 51), daemon(SyncRole.BACKUP, 51)));

        assertThat(stopped).isEqualTo(1);
        assertThat(daemons.read()).extracting(SyncDaemon::syncId).containsExactly(7);
    }

    @Test
    void putsSettingsBackThatNobodyElseHasChangedSince() {
        FakeSysctlTable table =
                new FakeSysctlTable().with("net.ipv4.vs.sync_threshold", "3 0").with("net.ipv4.vs.sloppy_tcp", "0");
        Map<String, Original> noted = new TreeMap<>();

        int settings = Clearing.putBackSettings(
                table,
                Map.of(
                        "net.ipv4.vs.sync_threshold", new Original("3 50", "3 0"),
                        "net.ipv4.vs.sloppy_tcp", new Original("0", "1")),
                noted::putAll,
                failures);

        assertThat(table.read("net.ipv4.vs.sync_threshold")).contains("3 50");
        assertThat(settings).isEqualTo(1);
        assertThat(noted).as("still to be put back").isEmpty();
        assertThat(failures).isEmpty();
    }
}
