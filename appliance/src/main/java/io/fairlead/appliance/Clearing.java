package io.fairlead.appliance;

import io.fairlead.appliance.host.SysctlMemory;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.StateFile;
import io.fairlead.appliance.state.StateKeeper;
import io.fairlead.core.execute.SysctlFollower;
import io.fairlead.core.execute.SysctlFollower.Original;
import io.fairlead.core.execute.TableFollower;
import io.fairlead.core.kernel.AddressReport;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.PacketRuleTable;
import io.fairlead.core.kernel.SyncDaemons;
import io.fairlead.core.kernel.SysctlTable;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.policy.SysctlSpec;
import io.fairlead.core.reconcile.AddressReconciler;
import io.fairlead.core.time.Ticker;
import io.fairlead.linux.host.ProcSysctlTable;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import io.fairlead.linux.ipvs.IpvsSyncDaemons;
import io.fairlead.linux.nftables.NftablesRuleTable;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes out of the kernel what an appliance that has stopped left there: its virtual servers, packet rules, addresses and
 * connection sync daemons; and puts settings back to what they were before it. What is ours is known from the state file, from
 * the name of the table of rules, from the mark on the addresses, and, of daemons, from the configuration; nothing else is
 * touched. Connections are cut.
 */
public final class Clearing {

    private Clearing() {}

    /**
     * What was taken away.
     *
     * @param settings how many settings of the kernel are as they were before us
     * @param failures what the kernel refused; it is still there
     */
    public record Cleared(
            int virtualServers,
            boolean packetRules,
            int addresses,
            int syncDaemons,
            int settings,
            List<String> failures) {

        public Cleared {
            failures = List.copyOf(failures);
        }
    }

    /**
     * Takes everything away.
     *
     * @param sync the daemons that are ours if they run
     * @throws StartupException if an appliance runs here, which would put it all back
     */
    public static Cleared clear(Path stateDirectory, List<SyncDaemon> sync) throws StartupException {
        try (OwnerLock _ = OwnerLock.take();
                StateKeeper keeper = new StateKeeper(new StateFile(stateDirectory), Ticker.system())) {
            Memory ours = keeper.memory();
            List<String> failures = new ArrayList<>();
            int virtualServers =
                    ours.pools().isEmpty() ? 0 : fromIpvs(ours.pools().keySet(), failures);
            boolean rules = fromNftables(failures);
            int addresses = fromInterfaces(ours.addresses(), failures);
            int daemons = sync.isEmpty() ? 0 : ofIpvs(sync, failures);
            int settings = putBackSettings(new ProcSysctlTable(), ours.sysctls(), keeper, failures);
            if (failures.isEmpty()) {
                ours.pools().keySet().forEach(key -> keeper.note(key, Optional.empty()));
                if (!ours.addresses().isEmpty()) {
                    keeper.noteAddresses(Set.of());
                }
            }
            return new Cleared(virtualServers, rules, addresses, daemons, settings, failures);
        } catch (IOException e) {
            throw StartupException.hostUnfit(String.valueOf(e.getMessage()));
        }
    }

    private static int fromIpvs(Set<VirtualServerKey> ours, List<String> failures) {
        try (IpvsNetlinkTable table = IpvsNetlinkTable.open()) {
            return removeVirtualServers(table, ours, failures);
        } catch (KernelException e) {
            failures.add("virtual servers: " + e.getMessage());
            return 0;
        }
    }

    static int removeVirtualServers(IpvsTable table, Set<VirtualServerKey> ours, List<String> failures) {
        TableFollower follower = new TableFollower(table);
        int found = follower.adopt(ours);
        TableFollower.Outcome outcome = follower.follow(List.of(), ours);
        outcome.failures()
                .forEach(failure -> failures.add(
                        failure.op().virtualServerKey() + ": " + failure.cause().getMessage()));
        return found - outcome.failures().size();
    }

    private static int ofIpvs(List<SyncDaemon> ours, List<String> failures) {
        try (IpvsSyncDaemons daemons = IpvsSyncDaemons.open()) {
            return stopSyncDaemons(daemons, ours);
        } catch (KernelException e) {
            failures.add("connection sync: " + e.getMessage());
            return 0;
        }
    }

    static int stopSyncDaemons(SyncDaemons daemons, List<SyncDaemon> ours) {
        int stopped = 0;
        for (SyncDaemon running : daemons.read()) {
            if (ours.stream().anyMatch(daemon -> daemon.isRunAs(running)) && daemons.stop(running.role())) {
                stopped++;
            }
        }
        return stopped;
    }

    /** Those that somebody else has changed since are theirs. */
    static int putBackSettings(
            SysctlTable table, Map<String, Original> remembered, SysctlMemory memory, List<String> failures) {
        if (remembered.isEmpty()) {
            return 0;
        }
        try {
            long ours = remembered.entrySet().stream()
                    .filter(setting -> table.read(setting.getKey())
                            .filter(setting.getValue().ours()::equals)
                            .isPresent())
                    .count();
            SysctlFollower follower = new SysctlFollower(table, remembered);
            follower.follow(SysctlSpec.NONE);
            memory.noteSysctls(follower.originals());
            failures.addAll(follower.failing());
            return (int) ours - follower.failing().size();
        } catch (KernelException e) {
            failures.add("settings: " + e.getMessage());
            return 0;
        }
    }

    private static boolean fromNftables(List<String> failures) {
        try (NftablesRuleTable table = NftablesRuleTable.open()) {
            return removePacketRules(table);
        } catch (KernelException e) {
            failures.add("packet rules: " + e.getMessage());
            return false;
        }
    }

    static boolean removePacketRules(PacketRuleTable table) {
        try {
            boolean found = !table.holds(PacketRules.NONE);
            if (found) {
                table.replace(PacketRules.NONE);
            }
            return found;
        } catch (UnsupportedKernelException e) {
            return false; // where there is no nf_tables there is no table of ours
        }
    }

    private static int fromInterfaces(Set<InterfaceAddressKey> remembered, List<String> failures) {
        try (RouteNetlinkAddressTable table = RouteNetlinkAddressTable.open()) {
            return removeAddresses(table, remembered, failures);
        } catch (KernelException e) {
            failures.add("addresses: " + e.getMessage());
            return 0;
        }
    }

    static int removeAddresses(AddressTable table, Set<InterfaceAddressKey> remembered, List<String> failures) {
        List<InterfaceAddressStatus> there = table.readAddresses();
        AddressReport report =
                table.apply(AddressReconciler.plan(List.of(), there, AddressReconciler.owned(there, remembered))
                        .ops());
        report.failures()
                .forEach(failure -> failures.add(String.valueOf(failure.cause().getMessage())));
        return report.carriedOut();
    }
}
