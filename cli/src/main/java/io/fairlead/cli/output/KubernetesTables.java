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

    private static final Cell NONE = Cell.of("-");

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
    public static String table(Plan plan, Display display) {
        TextTable table = new TextTable(
                Column.left("NAME").shrinkingInside(14, 28),
                Column.left("SERVICE").shrinkingInside(21, 28),
                Column.left("REAL SERVER").shrinkingInside(21, 28),
                Column.right("WEIGHT"),
                Column.left("FORWARDING").leaving(1));
        for (ServicePlan service : plan.services()) {
            if (service.refused() != null) {
                table.row(Cell.of(service.service()), NONE, NONE, NONE, NONE);
            }
            for (VirtualServerPlan server : service.virtualServers()) {
                Cell name = Cell.of(server.name());
                Cell key = Cell.of(server.service());
                Cell forwarding = Cell.of(server.forwarding());
                if (server.realServers().isEmpty()) {
                    table.row(name, key, NONE, NONE, forwarding);
                }
                for (RealServerPlan realServer : server.realServers()) {
                    table.row(name, key, Cell.of(realServer.address()), Cell.of(realServer.weight()), forwarding);
                }
            }
        }
        return table.render(display);
    }

    /** Returns how the following of a cluster stands, and one line for each Service. */
    public static String status(KubernetesReport report, Display display) {
        if (!report.enabled()) {
            return "kubernetes: not enabled" + System.lineSeparator();
        }
        FactSheet sheet = new FactSheet(11, display);
        sheet.fact("server", report.server().isEmpty() ? "-" : report.server());
        sheet.fact("synced", report.synced() ? "yes" : "no, serving what was known before");
        report.problems()
                .forEach(problem -> sheet.fact("problem", Cell.of(problem).in(Tone.BAD)));
        report.heldBack().forEach(held -> sheet.fact("held back", Cell.of(held).in(Tone.ODD)));
        report.conflicts()
                .forEach(conflict -> sheet.fact("conflict", Cell.of(conflict).in(Tone.ODD)));
        TextTable table = new TextTable(
                Column.left("SERVICE").shrinkingInside(14, 28),
                Column.left("ADDRESSES").shrinkingInside(15, 28),
                Column.left("POOL").shrinkingInside(6, 12).leaving(1),
                Column.right("VS"),
                Column.right("RS"),
                Column.left("PROBLEM").shrinking(16, 32));
        for (KubernetesReport.ServiceLine line : report.services()) {
            table.row(
                    Cell.of(line.service()),
                    line.addresses().isEmpty() ? NONE : Cell.list(line.addresses(), ","),
                    line.pool().isEmpty() ? NONE : Cell.of(line.pool()),
                    Cell.of(line.virtualServers()),
                    Cell.of(line.realServers()),
                    line.problems().isEmpty()
                            ? NONE
                            : Cell.of(String.join("; ", line.problems())).in(Tone.ODD));
        }
        return sheet.text() + System.lineSeparator() + table.render(display);
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
