package io.fairlead.appliance;

import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.StateFile;
import io.fairlead.appliance.state.StateKeeper;
import io.fairlead.core.execute.TableFollower;
import io.fairlead.core.kernel.AddressReport;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.IpvsTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.PacketRuleTable;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.reconcile.AddressReconciler;
import io.fairlead.core.time.Ticker;
import io.fairlead.linux.ipvs.IpvsNetlinkTable;
import io.fairlead.linux.nftables.NftablesRuleTable;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes out of the kernel what an appliance that has stopped left there: its virtual servers, its packet rules, its addresses.
 * What is ours is known from the state file, from the name of the table of rules, and from the mark on the addresses; nothing
 * else is touched. Connections are cut.
 */
public final class Clearing {

    private Clearing() {}

    /**
     * What was taken away.
     *
     * @param failures what the kernel refused; it is still there
     */
    public record Cleared(int virtualServers, boolean packetRules, int addresses, List<String> failures) {

        public Cleared {
            failures = List.copyOf(failures);
        }
    }

    /** Takes everything away. @throws StartupException if an appliance runs here, which would put it all back */
    public static Cleared clear(Path stateDirectory) throws StartupException {
        try (OwnerLock _ = OwnerLock.take();
                StateKeeper keeper = new StateKeeper(new StateFile(stateDirectory), Ticker.system())) {
            Memory ours = keeper.memory();
            List<String> failures = new ArrayList<>();
            int virtualServers =
                    ours.pools().isEmpty() ? 0 : fromIpvs(ours.pools().keySet(), failures);
            boolean rules = fromNftables(failures);
            int addresses = fromInterfaces(ours.addresses(), failures);
            if (failures.isEmpty()) {
                ours.pools().keySet().forEach(key -> keeper.note(key, Optional.empty()));
                if (!ours.addresses().isEmpty()) {
                    keeper.noteAddresses(Set.of());
                }
            }
            return new Cleared(virtualServers, rules, addresses, failures);
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
