package io.fairlead.conf;

import com.typesafe.config.ConfigUtil;
import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.PoolPolicy;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.SorryServer;
import io.fairlead.core.policy.VirtualAddressSpec;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the configuration that is in effect: every virtual server with its defaults filled in, as HOCON that can be
 * loaded again, and where each value comes from. No key is a secret so far; one that becomes a secret is masked here.
 */
public final class ConfigRenderer {

    private final Map<String, String> origins;
    private final StringBuilder out = new StringBuilder();
    private String indent = "";

    private ConfigRenderer(Map<String, String> origins) {
        this.origins = origins;
    }

    /**
     * What came of showing a file.
     *
     * @param text empty if the file was refused
     */
    public record Shown(ConfigOutcome outcome, String text) {}

    /** Loads {@code file} and renders it, each line with the file and line that it comes from, or {@code default}. */
    public static Shown show(Path file) {
        Map<String, String> origins = new HashMap<>();
        ConfigOutcome outcome = ConfigFile.load(file, Optional.of(origins));
        return switch (outcome) {
            case ConfigOutcome.Accepted accepted -> {
                ConfigRenderer renderer = new ConfigRenderer(origins);
                renderer.config(accepted.config());
                yield new Shown(outcome, renderer.out.toString());
            }
            case ConfigOutcome.Refused _ -> new Shown(outcome, "");
        };
    }

    /** Renders {@code config} without origins. */
    public static String render(FairleadConfig config) {
        ConfigRenderer renderer = new ConfigRenderer(Map.of());
        renderer.config(config);
        return renderer.out.toString();
    }

    private void config(FairleadConfig config) {
        begin("fairlead {");
        value("node-name", quoted(config.nodeName()), "fairlead");
        begin("virtual-servers {");
        for (ConfiguredVirtualServer virtualServer : config.virtualServers()) {
            virtualServer(virtualServer);
        }
        end("}");
        begin("virtual-addresses {");
        config.host().virtualAddresses().forEach(this::virtualAddresses);
        end("}");
        begin("sysctls {");
        SysctlReader.show(config.host().sysctls(), (key, value) -> value(key, value, "fairlead.sysctls"));
        end("}");
        config.highAvailability()
                .ifPresent(highAvailability -> new HighAvailabilityRenderer(this).show(highAvailability));
        begin("reconcile {");
        value("interval", DurationText.of(config.resyncInterval()), "fairlead.reconcile");
        end("}");
        begin("removal-guard {");
        value(
                "virtual-servers",
                Integer.toString(config.removalGuard().virtualServersPercent()),
                "fairlead.removal-guard");
        value("real-servers", Integer.toString(config.removalGuard().realServersPercent()), "fairlead.removal-guard");
        end("}");
        ipvsTimeouts(config.ipvsTimeouts());
        value("state-directory", quoted(config.stateDirectory().toString()), "fairlead");
        begin("packet-rules {");
        value("first-mark", Long.toString(config.marks().first()), "fairlead.packet-rules");
        value("last-mark", Long.toString(config.marks().last()), "fairlead.packet-rules");
        end("}");
        metrics(config.metrics());
        events(config.events());
        admin(config.admin());
        kubernetes(config.kubernetes());
        end("}");
    }

    private void kubernetes(KubernetesConfig config) {
        String path = "fairlead.kubernetes";
        begin("kubernetes {");
        value("enabled", Boolean.toString(config.enabled()), path);
        value("kubeconfig", quoted(config.kubeconfig().toString()), path);
        config.services()
                .loadBalancerClass()
                .ifPresent(className -> value("load-balancer-class", quoted(className), path));
        value("default-implementation", Boolean.toString(config.services().isDefault()), path);
        value("namespaces", list(config.services().namespaces()), path);
        value("selector", quoted(config.services().labels().text()), path);
        value("target", config.mapping().target().configName(), path);
        value("node-addresses", config.mapping().externalNodeAddresses() ? "external" : "internal", path);
        KubernetesTemplate template = config.template();
        if (template.nodeCheckPort().isPresent()) {
            value("node-check-port", Integer.toString(template.nodeCheckPort().getAsInt()), path);
        }
        value("source-nat", Boolean.toString(template.sourceNat()), path);
        value("zone", quoted(config.mapping().zone()), path);
        kubernetesDefaults(config);
        begin("address-pools {");
        config.pools().forEach(this::addressPool);
        end("}");
        end("}");
    }

    private void kubernetesDefaults(KubernetesConfig config) {
        String path = "fairlead.kubernetes.defaults";
        String above = "fairlead.defaults";
        KubernetesTemplate template = config.template();
        begin("defaults {");
        value("scheduler", quoted(template.scheduler().name()), path, above);
        value("forwarding", config.mapping().forwarding().configName(), path, above);
        value("inhibit-on-failure", Boolean.toString(template.policy().inhibitOnFailure()), path);
        value("drain-timeout", DurationText.of(template.policy().drainTimeout()), path, above);
        value("slow-start", DurationText.of(template.policy().slowStart()), path, above);
        // Whom it asks is not known here; a port that is not its own shows as one.
        ServerAddress anyone = new ServerAddress(IpAddress.parse("0.0.0.0"), 1);
        healthChecks(
                new CheckSet(
                        template.require(),
                        template.checks().stream()
                                .map(check -> new NamedCheck(check.name(), check.target(anyone)))
                                .toList()),
                anyone,
                path,
                above);
        end("}");
    }

    private void addressPool(KubernetesPool pool) {
        String name = plain(pool.pool().name())
                ? pool.pool().name()
                : quoted(pool.pool().name());
        String path = "fairlead.kubernetes.address-pools." + name;
        begin(name + " {");
        value("addresses", list(pool.pool().ranges()), path);
        value("automatic", Boolean.toString(pool.pool().automatic()), path);
        pool.interfaceName().ifPresent(interfaceName -> value("interface", quoted(interfaceName), path));
        value("dummy", Boolean.toString(pool.dummy()), path);
        pool.virtualRouter().ifPresent(router -> value("virtual-router", quoted(router), path));
        end("}");
    }

    private static String list(Collection<?> values) {
        return values.stream()
                .map(value -> quoted(value.toString()))
                .sorted()
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private void virtualAddresses(VirtualAddressSpec spec) {
        String name = plain(spec.name()) ? spec.name() : quoted(spec.name());
        String path = "fairlead.virtual-addresses." + name;
        begin(name + " {");
        value("interface", quoted(spec.interfaceName()), path);
        value("dummy", Boolean.toString(spec.dummy()), path);
        value(
                "addresses",
                spec.addresses().stream()
                        .map(address -> quoted(
                                address.key().address() + "/" + address.key().prefixLength()))
                        .collect(Collectors.joining(", ", "[", "]")),
                path);
        // All of IPv4 have the same, those of IPv6 have none.
        spec.addresses().stream()
                .filter(address -> address.key().address().family() == IpFamily.IPV4)
                .findFirst()
                .ifPresent(address -> {
                    value("scope", address.scope().configName(), path);
                    address.label().ifPresent(label -> value("label", quoted(label), path));
                });
        value("on-stop", spec.removeOnStop() ? "remove" : "keep", path);
        spec.announcements()
                .refresh()
                .ifPresent(refresh -> value("announcement-refresh", DurationText.of(refresh), path));
        end("}");
    }

    private void metrics(MetricsConfig metrics) {
        begin("metrics {");
        value("listen", quoted(metrics.listen().map(ServerAddress::toString).orElse("none")), "fairlead.metrics");
        value("per-real-server", Boolean.toString(metrics.perRealServer()), "fairlead.metrics");
        value("status-page", Boolean.toString(metrics.statusPage()), "fairlead.metrics");
        end("}");
    }

    private void events(EventsConfig events) {
        String path = "fairlead.events.notify";
        events.notification().ifPresent(program -> {
            begin("events {");
            begin("notify {");
            value("command", HighAvailabilityRenderer.texts(program.command()), path);
            program.user().ifPresent(user -> value("user", quoted(user), path));
            program.group().ifPresent(group -> value("group", quoted(group), path));
            value("timeout", DurationText.of(program.timeout()), path);
            value(
                    "kinds",
                    list(EventsConfig.ALL_KINDS.stream()
                            .filter(events.kinds()::contains)
                            .toList()),
                    path);
            end("}");
            end("}");
        });
    }

    private void admin(AdminConfig admin) {
        String path = "fairlead.admin";
        begin("admin {");
        value("socket", quoted(admin.socket().toString()), path);
        value(
                "read-only-socket",
                quoted(admin.readOnlySocket().map(Path::toString).orElse("none")),
                path);
        admin.readOnlyGroup().ifPresent(group -> value("read-only-group", quoted(group), path));
        end("}");
    }

    /** What is left to the kernel has no key. */
    private void ipvsTimeouts(IpvsTimeouts timeouts) {
        begin("ipvs-timeouts {");
        ipvsTimeout("tcp", timeouts.tcp());
        ipvsTimeout("tcp-fin", timeouts.tcpFin());
        ipvsTimeout("udp", timeouts.udp());
        end("}");
    }

    private void ipvsTimeout(String key, Duration timeout) {
        if (!timeout.isZero()) {
            value(key, DurationText.of(timeout), "fairlead.ipvs-timeouts");
        }
    }

    private void virtualServer(ConfiguredVirtualServer configured) {
        VirtualServerSpec spec = configured.spec();
        VirtualServer virtualServer = spec.virtualServer();
        String name = plain(spec.name()) ? spec.name() : quoted(spec.name());
        String path = "fairlead.virtual-servers." + name;
        begin(name + " {");
        switch (virtualServer.key()) {
            case VirtualServerKey.AddressKey key -> {
                value("address", quoted(key.address().address().toString()), path);
                value("port", Integer.toString(key.address().port()), path);
                value("protocol", Names.of(key.protocol()), path);
            }
            case VirtualServerKey.FwmarkKey _
            when configured.packets().mark().isPresent() -> {
                PacketDestination first = configured.packets().destinations().getFirst();
                value("address", quoted(first.address().toString()), path);
                value(
                        "ports",
                        configured.packets().destinations().stream()
                                .map(destination -> quoted(destination.ports().toString()))
                                .collect(Collectors.joining(", ", "[", "]")),
                        path);
                value("protocol", Names.of(first.protocol()), path);
            }
            case VirtualServerKey.FwmarkKey key -> {
                value("fwmark", Long.toString(key.mark()), path);
                value("family", key.family().name().toLowerCase(Locale.ROOT), path);
            }
        }
        if (!(virtualServer.key() instanceof VirtualServerKey.FwmarkKey)
                || configured.packets().mark().isPresent()) {
            value("source-nat", Boolean.toString(configured.packets().sourceNat()), path);
        }
        configured
                .packets()
                .allowedSources()
                .ifPresent(sources -> value(
                        "allow-from",
                        sources.stream()
                                .sorted()
                                .map(prefix -> quoted(prefix.toString()))
                                .collect(Collectors.joining(", ", "[", "]")),
                        path));
        value("scheduler", quoted(virtualServer.scheduler().name()), path, "fairlead.defaults");
        value(
                "scheduler-flags",
                virtualServer.schedulerFlags().stream()
                        .map(SchedulerFlag::configName)
                        .sorted()
                        .collect(Collectors.joining(", ", "[", "]")),
                path);
        virtualServer.persistence().ifPresent(persistence -> {
            begin("persistence {");
            value("timeout", DurationText.of(persistence.timeout()), path + ".persistence");
            value("netmask", Integer.toString(persistence.prefixLength()), path + ".persistence");
            persistence.engine().ifPresent(engine -> value("engine", engine, path + ".persistence"));
            end("}");
        });
        value("one-packet-scheduling", Boolean.toString(virtualServer.onePacketScheduling()), path);
        policy(spec.policy(), path);
        begin("real-servers = [");
        for (int i = 0; i < spec.realServers().size(); i++) {
            realServer(spec.realServers().get(i), configured.checks().get(i), path, i);
        }
        end("]");
        end("}");
    }

    private void policy(PoolPolicy policy, String path) {
        value("inhibit-on-failure", Boolean.toString(policy.inhibitOnFailure()), path, "fairlead.defaults");
        value("quorum", Long.toString(policy.quorum().weight()), path);
        value("hysteresis", Long.toString(policy.quorum().hysteresis()), path);
        policy.sorryServer().ifPresent(sorryServer -> sorryServer(sorryServer, path));
        value("drain-timeout", DurationText.of(policy.drainTimeout()), path, "fairlead.defaults");
        value("slow-start", DurationText.of(policy.slowStart()), path, "fairlead.defaults");
    }

    private void sorryServer(SorryServer sorryServer, String parent) {
        String path = parent + ".sorry-server";
        RealServer realServer = sorryServer.realServer();
        int port = realServer.key().address().port();
        begin("sorry-server {");
        value("address", quoted(realServer.key().address().address().toString()), path);
        if (port != 0) {
            value("port", Integer.toString(port), path, parent);
        }
        forwarding(realServer, path, parent);
        value("inhibit", Boolean.toString(sorryServer.inhibit()), path);
        end("}");
    }

    private void realServer(RealServerSpec spec, CheckSet checks, String parent, int index) {
        String path = parent + ".real-servers[" + index + "]";
        RealServer realServer = spec.realServer();
        int port = spec.key().address().port();
        begin("{");
        if (!spec.name().equals(spec.key().toString())) {
            value("name", quoted(spec.name()), path);
        }
        value("address", quoted(spec.key().address().address().toString()), path);
        if (port != 0) {
            value("port", Integer.toString(port), path, parent);
        }
        value("weight", Integer.toString(realServer.weight()), path);
        ConnectionThresholds thresholds = realServer.thresholds();
        value("upper-threshold", Long.toString(thresholds.upper()), path);
        value("lower-threshold", Long.toString(thresholds.lower()), path);
        spec.inhibitOnFailure().ifPresent(inhibit -> value("inhibit-on-failure", Boolean.toString(inhibit), path));
        forwarding(realServer, path, parent);
        healthChecks(checks, spec.key().address(), path, parent, "fairlead.defaults");
        end("}");
    }

    private void forwarding(RealServer realServer, String path, String parent) {
        value("forwarding", realServer.forwarding().configName(), path, parent, "fairlead.defaults");
        if (realServer.forwarding() != ForwardingMethod.TUNNEL) {
            return;
        }
        Tunnel tunnel = realServer.tunnel();
        String[] paths = {path + ".tunnel", parent + ".tunnel"};
        begin("tunnel {");
        value("type", tunnel.encapsulation().configName(), paths);
        if (tunnel.port() != 0) {
            value("port", Integer.toString(tunnel.port()), paths);
        }
        value("checksum", tunnel.checksum().configName(), paths);
        end("}");
    }

    private void healthChecks(CheckSet set, ServerAddress realServer, String... levels) {
        List<String> common =
                Arrays.stream(levels).map(level -> level + ".health-check").toList();
        NamedCheck first = set.checks().getFirst();
        if (first.name().equals(CheckSet.ONLY)) {
            healthCheck("health-check", first.target(), realServer, common);
            return;
        }
        value(HealthChecksReader.REQUIRE, HealthChecksReader.name(set.require()), levels);
        begin("health-checks {");
        for (NamedCheck check : set.checks()) {
            String name = plain(check.name()) ? check.name() : quoted(check.name());
            List<String> paths = new ArrayList<>(Arrays.stream(levels)
                    .map(level -> level + ".health-checks." + name)
                    .toList());
            paths.addAll(common);
            healthCheck(name, check.target(), realServer, paths);
        }
        end("}");
    }

    private void healthCheck(String name, CheckTarget check, ServerAddress realServer, List<String> levels) {
        String[] paths = levels.toArray(String[]::new);
        begin(name + " {");
        HealthCheckReader.show(check, realServer, (key, value) -> value(key, value, paths));
        end("}");
    }

    /** @param paths the sections that the value may come from, the strongest first */
    void value(String key, String value, String... paths) {
        out.append(indent).append(key).append(" = ").append(value);
        if (!origins.isEmpty()) {
            String origin = "default";
            for (String path : paths) {
                if (origins.containsKey(path + "." + key)) {
                    origin = origins.getOrDefault(path + "." + key, origin);
                    break;
                }
            }
            out.append("  # ").append(origin);
        }
        out.append('\n');
    }

    void begin(String line) {
        out.append(indent).append(line).append('\n');
        indent += "  ";
    }

    void end(String line) {
        indent = indent.substring(2);
        out.append(indent).append(line).append('\n');
    }

    static boolean plain(String name) {
        return name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
    }

    static String quoted(String text) {
        return ConfigUtil.quoteString(text);
    }
}
