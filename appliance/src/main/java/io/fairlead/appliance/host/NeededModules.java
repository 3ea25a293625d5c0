package io.fairlead.appliance.host;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.policy.VirtualAddressSpec;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which modules of the kernel a configuration uses. Pure. */
final class NeededModules {

    /** What {@code ports}, {@code source-nat} and {@code allow-from} need. */
    private static final List<String> PACKET_RULES = List.of("nf_tables", "nf_conntrack");

    private static final List<String> SOURCE_NAT = List.of("nft_chain_nat", "nft_ct", "nft_masq");

    private NeededModules() {}

    static SortedSet<String> of(FairleadConfig config) {
        SortedSet<String> modules = new TreeSet<>();
        modules.add("ip_vs");
        for (ConfiguredVirtualServer configured : config.virtualServers()) {
            VirtualServer virtualServer = configured.spec().virtualServer();
            modules.add("ip_vs_" + virtualServer.scheduler().name());
            virtualServer
                    .persistence()
                    .flatMap(persistence -> persistence.engine())
                    .ifPresent(engine -> modules.add("ip_vs_pe_" + engine));
            if (configured.packets().needsRules()) {
                modules.addAll(PACKET_RULES);
            }
            if (configured.packets().sourceNat()) {
                modules.addAll(SOURCE_NAT);
            }
        }
        if (config.host().virtualAddresses().stream().anyMatch(VirtualAddressSpec::dummy)) {
            modules.add("dummy");
        }
        return modules;
    }
}
