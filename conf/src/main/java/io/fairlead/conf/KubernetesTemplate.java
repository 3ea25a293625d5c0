package io.fairlead.conf;

import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.PortRange;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.PacketHandling;
import io.fairlead.core.policy.PoolPolicy;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.NoProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.kube.mapping.KubernetesServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What every virtual server of a cluster has beside what the cluster says: how it is scheduled, checked and left.
 *
 * @param checks what is asked of a real server, where its port speaks the protocol of the check
 * @param common how often and how patiently to ask what is asked beside
 * @param sourceNat whether the real servers see this host as the client; only with forwarding by NAT
 * @param nodeCheckPort where kube-proxy of each node tells whether it works; empty where nobody does
 */
public record KubernetesTemplate(
        Scheduler scheduler,
        PoolPolicy policy,
        List<TemplateCheck> checks,
        CheckRequirement require,
        CheckSpec common,
        boolean sourceNat,
        OptionalInt nodeCheckPort) {

    /** How kube-proxy answers whether a node takes new connections: its own health, or that of a Service's endpoints. */
    private static final HttpProbeSpec NODE_HEALTH =
            new HttpProbeSpec("GET", "/healthz", Optional.empty(), List.of(new StatusRange(200, 200)));

    /** Nothing is asked of anybody. */
    public static final KubernetesTemplate UNCHECKED = new KubernetesTemplate(
            new Scheduler("wlc"),
            PoolPolicy.PLAIN.withInhibitOnFailure(true),
            List.of(),
            CheckRequirement.ALL,
            new CheckSpec(new NoProbeSpec(), Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3),
            false,
            OptionalInt.empty());

    private static final String NODE_CHECK = "kube-proxy";
    private static final String SERVICE_CHECK = "service";

    public KubernetesTemplate {
        checks = List.copyOf(checks);
    }

    /**
     * A check of which it is not known yet who is asked.
     *
     * @param name empty where it is the only one
     * @param address where to ask instead of at the real server
     * @param port which port to ask instead of the real server's
     */
    public record TemplateCheck(String name, CheckSpec spec, Optional<IpAddress> address, OptionalInt port) {

        CheckTarget target(ServerAddress realServer) {
            return new CheckTarget(
                    new ServerAddress(address.orElse(realServer.address()), port.orElse(realServer.port())), spec);
        }
    }

    /** Returns {@code server} as if it had been configured. */
    public ConfiguredVirtualServer configured(KubernetesServer server) {
        List<RealServerSpec> realServers = new ArrayList<>(server.realServers().size());
        List<CheckSet> checks = new ArrayList<>(server.realServers().size());
        for (KubernetesServer.Member member : server.realServers()) {
            RealServer realServer = new RealServer(
                    new RealServerKey(member.address()),
                    server.forwarding(),
                    member.weight(),
                    ConnectionThresholds.NONE,
                    Tunnel.IPIP);
            realServers.add(new RealServerSpec(member.address().toString(), realServer));
            checks.add(checks(server, member.address()));
        }
        // Endpoints drain all the time; no client is to be refused meanwhile.
        Set<SchedulerFlag> flags =
                SchedulerFlag.fallback(scheduler).map(Set::of).orElse(Set.of());
        VirtualServer virtualServer = new VirtualServer(server.key(), scheduler, flags, server.persistence(), false);
        return new ConfiguredVirtualServer(
                new VirtualServerSpec(server.name(), virtualServer, policy(server), realServers),
                checks,
                packets(server));
    }

    /**
     * Over UDP what left the cluster is removed at once: an exchange has no end, so a client that keeps asking would be sent
     * to nobody for as long as a drain may take. Those that end but serve have not left; they are there with weight 0.
     */
    private PoolPolicy policy(KubernetesServer server) {
        return server.key().protocol() == TransportProtocol.UDP ? policy.withDrainTimeout(Duration.ZERO) : policy;
    }

    private CheckSet checks(KubernetesServer server, ServerAddress realServer) {
        List<NamedCheck> asked = new ArrayList<>();
        for (TemplateCheck check : checks) {
            if (reaches(check.spec(), server.key().protocol())) {
                asked.add(new NamedCheck(check.name(), check.target(realServer)));
            }
        }
        // A check of the cluster's own is never an alternative to ours, nor the reverse.
        CheckRequirement together = require;
        if (server.healthCheckNodePort() != 0) {
            asked.add(nodeHealth(SERVICE_CHECK, realServer, server.healthCheckNodePort()));
            together = CheckRequirement.ALL;
        } else if (nodeCheckPort.isPresent() && server.isByNode()) {
            asked.add(nodeHealth(NODE_CHECK, realServer, nodeCheckPort.getAsInt()));
            together = CheckRequirement.ALL;
        }
        return asked.isEmpty()
                ? CheckSet.of(new CheckTarget(realServer, common.withProbe(new NoProbeSpec())))
                : new CheckSet(together, asked);
    }

    /** A probe over TCP learns nothing of a port of UDP or SCTP, and a datagram nothing of one of TCP. */
    private static boolean reaches(CheckSpec check, TransportProtocol protocol) {
        return switch (check.probe().type()) {
            case "none" -> false;
            case "tcp", "tls", "http", "https", "grpc", "smtp" -> protocol == TransportProtocol.TCP;
            case "udp", "dns" -> protocol == TransportProtocol.UDP;
            default -> true;
        };
    }

    private NamedCheck nodeHealth(String name, ServerAddress realServer, int port) {
        return new NamedCheck(
                name, new CheckTarget(new ServerAddress(realServer.address(), port), common.withProbe(NODE_HEALTH)));
    }

    private PacketHandling packets(KubernetesServer server) {
        if (!sourceNat && server.allowedSources().isEmpty()) {
            return PacketHandling.NONE;
        }
        ServerAddress address = server.key().address();
        return new PacketHandling(
                List.of(new PacketDestination(
                        server.key().protocol(), address.address(), PortRange.single(address.port()))),
                OptionalLong.empty(),
                sourceNat,
                server.allowedSources());
    }
}
