package io.fairlead.conf;

import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.model.SysctlSetting;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.MarkRange;
import io.fairlead.core.policy.RemovalGuard;
import io.fairlead.core.policy.SysctlSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole configuration, complete and valid.
 *
 * @param nodeName how this appliance is named to people
 * @param virtualServers ordered by name; no two with the same name or key
 * @param resyncInterval how often the kernel's whole table is read again to find drift
 * @param removalGuard what one change may remove unless forced
 * @param ipvsTimeouts how long the kernel remembers idle connections; zero leaves that one as the kernel has it
 * @param stateDirectory where the state file is
 * @param admin how the running appliance is reached
 * @param marks which firewall marks virtual servers of several ports get
 * @param host what is to be set on the host beside the table
 * @param kubernetes what is taken from a cluster
 * @param metrics what is shown to those who watch
 * @param events what becomes of events beside being kept
 * @param highAvailability absent for a single appliance
 */
public record FairleadConfig(
        String nodeName,
        List<ConfiguredVirtualServer> virtualServers,
        Duration resyncInterval,
        RemovalGuard removalGuard,
        IpvsTimeouts ipvsTimeouts,
        Path stateDirectory,
        AdminConfig admin,
        MarkRange marks,
        HostConfig host,
        KubernetesConfig kubernetes,
        MetricsConfig metrics,
        EventsConfig events,
        Optional<HighAvailabilityConfig> highAvailability) {

    public FairleadConfig {
        virtualServers = List.copyOf(virtualServers);
    }

    /** Returns how the kernels of the peers tell each other of connections; empty if there are none, or no peers. */
    public Optional<ConnectionSyncSpec> connectionSync() {
        return virtualServers.isEmpty()
                ? Optional.empty()
                : highAvailability.filter(ha -> ha.peers().size() > 1).flatMap(HighAvailabilityConfig::connectionSync);
    }

    /** Returns the settings of the kernel that are wanted: by their own name, and those that connection sync needs. */
    public SysctlSpec sysctls() {
        List<SysctlSetting> settings = new ArrayList<>(host.sysctls().settings());
        connectionSync().ifPresent(sync -> settings.addAll(sync.settings()));
        return new SysctlSpec(settings, host.sysctls().restoreOnStop());
    }

    /** Returns the same where virtual routers have more addresses, by the name of the router. */
    public FairleadConfig withRouterAddresses(Map<String, List<IpAddress>> more) {
        return new FairleadConfig(
                nodeName,
                virtualServers,
                resyncInterval,
                removalGuard,
                ipvsTimeouts,
                stateDirectory,
                admin,
                marks,
                host,
                kubernetes,
                metrics,
                events,
                highAvailability.map(ha -> ha.withAddresses(more)));
    }

    /** Returns the same with other virtual servers. */
    public FairleadConfig withVirtualServers(List<ConfiguredVirtualServer> others) {
        return new FairleadConfig(
                nodeName,
                others,
                resyncInterval,
                removalGuard,
                ipvsTimeouts,
                stateDirectory,
                admin,
                marks,
                host,
                kubernetes,
                metrics,
                events,
                highAvailability);
    }
}
