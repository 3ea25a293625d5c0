package io.fairlead.system.benchmark;

import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.IpvsSnapshot;
import io.fairlead.core.model.IpvsSnapshot.Pool;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.reconcile.IpvsAdmText;
import io.fairlead.core.reconcile.IpvsOp;
import io.fairlead.core.reconcile.IpvsReconciler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table that every contender programs: TCP virtual servers on 10.1.0.0/16, each with as many real servers on 10.64.0.0/10,
 * weighted round robin, NAT, weight 10, no health checks.
 */
record Workload(int virtualServers, int realServersEach) {

    static final int WEIGHT = 10;

    static Workload parse(String virtualServers, String realServersEach) {
        return new Workload(Integer.parseInt(virtualServers), Integer.parseInt(realServersEach));
    }

    int entries() {
        return virtualServers * (1 + realServersEach);
    }

    IpAddress vip(int index) {
        return new IpAddress(IpFamily.IPV4, 0, 0x0a010000L + index + 1);
    }

    IpAddress realServer(int index, int member) {
        return new IpAddress(IpFamily.IPV4, 0, 0x0a400000L + (long) index * realServersEach + member + 1);
    }

    VirtualServerKey key(int index) {
        return new VirtualServerKey.AddressKey(TransportProtocol.TCP, new ServerAddress(vip(index), 80));
    }

    List<Pool> pools() {
        List<Pool> pools = new ArrayList<>(virtualServers);
        for (int i = 0; i < virtualServers; i++) {
            pools.add(pool(i, WEIGHT));
        }
        return pools;
    }

    /** @param firstWeight the weight of its first real server */
    Pool pool(int index, int firstWeight) {
        VirtualServer virtualServer =
                new VirtualServer(key(index), Scheduler.WEIGHTED_ROUND_ROBIN, Set.of(), Optional.empty(), false);
        List<RealServer> members = new ArrayList<>(realServersEach);
        for (int j = 0; j < realServersEach; j++) {
            members.add(new RealServer(
                    new RealServerKey(new ServerAddress(realServer(index, j), 80)),
                    ForwardingMethod.MASQUERADE,
                    j == 0 ? firstWeight : WEIGHT,
                    ConnectionThresholds.NONE));
        }
        return Pool.of(virtualServer, members);
    }

    List<IpvsOp> ops() {
        return IpvsReconciler.plan(IpvsSnapshot.of(pools()), IpvsSnapshot.EMPTY, key -> false)
                .ops();
    }

    /** For {@code ipvsadm -R}. */
    String ipvsadmRules() {
        StringBuilder text = new StringBuilder();
        for (IpvsOp op : ops()) {
            text.append(IpvsAdmText.line(op).substring("ipvsadm ".length())).append('\n');
        }
        return text.toString();
    }

    /** @param firstWeight the weight of the first real server of the first virtual server */
    String fairleadConfiguration(int firstWeight) {
        StringBuilder text = new StringBuilder(entries() * 60);
        text.append("""
            fairlead {
              node-name = bench
              reconcile.interval = 1h
              defaults { scheduler = wrr, forwarding = nat, health-check.type = none }
              virtual-servers {
            """);
        for (int i = 0; i < virtualServers; i++) {
            text.append("    vs")
                    .append(i)
                    .append(" {\n      address = \"")
                    .append(vip(i))
                    .append("\", port = 80\n");
            text.append("      real-servers = [\n");
            for (int j = 0; j < realServersEach; j++) {
                text.append("        { address = \"").append(realServer(i, j)).append("\", port = 80, weight = ");
                text.append(i == 0 && j == 0 ? firstWeight : WEIGHT).append(" }\n");
            }
            text.append("      ]\n    }\n");
        }
        return text.append("  }\n}\n").toString();
    }

    /** The same for keepalived, without checkers. */
    String keepalivedConfiguration(int firstWeight) {
        StringBuilder text = new StringBuilder(entries() * 60);
        text.append("""
            global_defs {
              router_id bench
            }
            """);
        for (int i = 0; i < virtualServers; i++) {
            text.append("virtual_server ").append(vip(i)).append(" 80 {\n");
            text.append("""
                  lvs_sched wrr
                  lvs_method NAT
                  protocol TCP
                """);
            for (int j = 0; j < realServersEach; j++) {
                text.append("  real_server ").append(realServer(i, j)).append(" 80 {\n    weight ");
                text.append(i == 0 && j == 0 ? firstWeight : WEIGHT).append("\n  }\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }
}
