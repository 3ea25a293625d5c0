package io.fairlead.cli.output;

import io.fairlead.appliance.admin.KubernetesReport;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.mapping.KubernetesServer;
import io.fairlead.kube.mapping.MappedService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Renders what the Services of a cluster become. */
public final class KubernetesTables {

    private KubernetesTables() {}

    /** What {@code kubernetes plan -o json} prints. */
    public record Plan(int schemaVersion, List<ServicePlan> services, List<String> conflicts) {

        public Plan {
            services = List.copyOf(services);
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * One Service.
     *
     * @param pool of its first address; absent if it was refused
     * @param refused why it gets no address; absent if it has one
     */
    public record ServicePlan(
            String service,
            List<String> addresses,
            @Nullable String pool,
            @Nullable String refused,
            List<String> remarks,
            List<VirtualServerPlan> virtualServers) {

        public ServicePlan {
            addresses = List.copyOf(addresses);
            remarks = List.copyOf(remarks);
            virtualServers = List.copyOf(virtualServers);
        }
    }

    /**
     * One port of a Service on one address.
     *
     * @param persistenceSeconds absent without session affinity
     * @param allowedSources absent if everyone may use it
     */
    public record VirtualServerPlan(
            String name,
            String service,
            String forwarding,
            @Nullable Long persistenceSeconds,
            @Nullable List<String> allowedSources,
            List<RealServerPlan> realServers) {

        public VirtualServerPlan {
            allowedSources = allowedSources == null ? null : List.copyOf(allowedSources);
            realServers = List.copyOf(realServers);
        }
    }

    /** @param checks what would be asked of it, in the words of the status */
    public record RealServerPlan(String address, int weight, List<String> checks) {

        public RealServerPlan {
            checks = List.copyOf(checks);
        }
    }

    /** @param configured how a virtual server of the cluster is checked */
    public static Plan plan(
            Collection<MappedService> services,
            Function<KubernetesServer, ConfiguredVirtualServer> configured,
            List<String> conflicts) {
        List<ServicePlan> plans = new ArrayList<>();
        for (MappedService service : services) {
            List<VirtualServerPlan> servers = service.servers().stream()
                    .map(server -> virtualServer(server, configured.apply(server)))
                    .toList();
            plans.add(
                    switch (service.assignment()) {
                        case Assigned(var addresses, var pool) ->
                            new ServicePlan(
                                    service.service().name().toString(),
                                    addresses.stream().map(Object::toString).toList(),
                                    pool,
                                    null,
                                    service.remarks(),
                                    servers);
                        case Refused(var reason) ->
                            new ServicePlan(
                                    service.service().name().toString(), List.of(), null, reason, List.of(), servers);
                    });
        }
        return new Plan(1, plans, conflicts);
    }

    private static VirtualServerPlan virtualServer(KubernetesServer server, ConfiguredVirtualServer configured) {
        List<RealServerPlan> realServers = new ArrayList<>();
        for (int i = 0; i < server.realServers().size(); i++) {
            KubernetesServer.Member member = server.realServers().get(i);
            realServers.add(new RealServerPlan(
                    member.address().toString(),
                    member.weight(),
                    configured.checks().get(i).targets().stream()
                            .map(Object::toString)
                            .toList()));
        }
        return new VirtualServerPlan(
                server.name(),
                server.key().toString(),
                server.forwarding().configName(),
                server.persistence()
                        .map(persistence -> persistence.timeout().toSeconds())
                        .orElse(null),
                server.allowedSources()
                        .map(sources ->
                                sources.stream().sorted().map(Object::toString).toList())
                        .orElse(null),
                realServers);
    }

    /** Returns one line for each real server, and one for each virtual server or Service without any. */
    public static String table(Plan plan) {
        TextTable table = new TextTable(
                TextTable.left("NAME"),
                TextTable.left("SERVICE"),
                TextTable.left("REAL SERVER"),
                TextTable.right("WEIGHT"),
                TextTable.left("FORWARDING"));
        for (ServicePlan service : plan.services()) {
            if (service.refused() != null) {
                table.row(List.of(service.service(), "-", "-", "-", "-"));
            }
            for (VirtualServerPlan server : service.virtualServers()) {
                if (server.realServers().isEmpty()) {
                    table.row(List.of(server.name(), server.service(), "-", "-", server.forwarding()));
                }
                for (RealServerPlan realServer : server.realServers()) {
                    table.row(List.of(
                            server.name(),
                            server.service(),
                            realServer.address(),
                            Integer.toString(realServer.weight()),
                            server.forwarding()));
                }
            }
        }
        return table.render();
    }

    /** Returns how the following of a cluster stands, and one line for each Service. */
    public static String status(KubernetesReport report) {
        if (!report.enabled()) {
            return "kubernetes: not enabled" + System.lineSeparator();
        }
        StringBuilder text = new StringBuilder();
        text.append("server:    %s%n".formatted(report.server().isEmpty() ? "-" : report.server()));
        text.append("synced:    %s%n".formatted(report.synced() ? "yes" : "no, serving what was known before"));
        report.problems().forEach(problem -> text.append("problem:   %s%n".formatted(problem)));
        report.heldBack().forEach(held -> text.append("held back: %s%n".formatted(held)));
        report.conflicts().forEach(conflict -> text.append("conflict:  %s%n".formatted(conflict)));
        text.append(System.lineSeparator());
        TextTable table = new TextTable(
                TextTable.left("SERVICE"),
                TextTable.left("ADDRESSES"),
                TextTable.left("POOL"),
                TextTable.right("VIRTUAL SERVERS"),
                TextTable.right("REAL SERVERS"),
                TextTable.left("PROBLEM"));
        for (KubernetesReport.ServiceLine line : report.services()) {
            table.row(List.of(
                    line.service(),
                    line.addresses().isEmpty() ? "-" : String.join(",", line.addresses()),
                    line.pool().isEmpty() ? "-" : line.pool(),
                    Integer.toString(line.virtualServers()),
                    Integer.toString(line.realServers()),
                    line.problems().isEmpty() ? "-" : String.join("; ", line.problems())));
        }
        return text.append(table.render()).toString();
    }

    /** Returns what is not served, each with its reason. */
    public static List<String> refusals(Plan plan) {
        List<String> lines = new ArrayList<>();
        for (ServicePlan service : plan.services()) {
            if (service.refused() != null) {
                lines.add(service.service() + ": " + service.refused());
            }
            service.remarks().forEach(remark -> lines.add(service.service() + ": " + remark));
        }
        lines.addAll(plan.conflicts());
        return lines;
    }
}
