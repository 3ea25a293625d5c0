package io.fairlead.conf;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.PeerSpec;
import io.fairlead.ha.election.TrackSpec;
import io.fairlead.ha.election.UnitSpec;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.ScriptProbeSpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes {@code high-availability} as it is in effect. The key of the channel is not in it: only where it is. */
final class HighAvailabilityRenderer {

    private static final String PATH = "fairlead.high-availability";

    private final ConfigRenderer out;

    HighAvailabilityRenderer(ConfigRenderer out) {
        this.out = out;
    }

    void show(HighAvailabilityConfig config) {
        out.begin("high-availability {");
        out.value("cluster", quoted(config.cluster()), PATH);
        config.interfaceName().ifPresent(name -> out.value("interface", quoted(name), PATH));
        out.value("bind-address", quoted(config.bindAddress().toString()), PATH);
        out.value("port", Integer.toString(config.port()), PATH);
        out.value("peers", peers(config, peer -> !peer.witness() && !peer.equals(config.self())), PATH);
        out.value("witnesses", peers(config, PeerSpec::witness), PATH);
        config.secretFile().ifPresent(file -> out.value("secret-file", quoted(file.toString()), PATH));
        connectionSync(config.connectionSync());
        out.begin("virtual-routers {");
        for (ElectionUnit unit : config.units()) {
            unit.routers().forEach(router -> router(router, unit));
        }
        out.end("}");
        out.begin("sync-groups {");
        for (ElectionUnit unit : config.units()) {
            if (isGroup(unit)) {
                out.value(
                        name(unit.name()),
                        texts(unit.routers().stream()
                                .map(VirtualRouterSpec::name)
                                .toList()),
                        PATH + ".sync-groups");
            }
        }
        out.end("}");
        out.end("}");
    }

    private static String peers(HighAvailabilityConfig config, Predicate<PeerSpec> which) {
        return texts(config.peers().stream()
                .filter(which)
                .map(peer -> peer.address().toString())
                .toList());
    }

    private void connectionSync(Optional<ConnectionSyncSpec> sync) {
        String path = PATH + ".connection-sync";
        out.begin("connection-sync {");
        out.value("enabled", Boolean.toString(sync.isPresent()), path);
        sync.ifPresent(spec -> {
            out.value("interface", quoted(spec.interfaceName()), path, PATH);
            out.value("id", Integer.toString(spec.id()), path);
            out.value("group", quoted(spec.channel().group().toString()), path);
            out.value("port", Integer.toString(spec.channel().port()), path);
            out.value("ttl", Integer.toString(spec.channel().ttl()), path);
            out.value("message-size-max", Integer.toString(spec.maxLengthBytes()), path);
            out.value("refresh", DurationText.of(spec.refresh()), path);
        });
        out.end("}");
    }

    private void router(VirtualRouterSpec router, ElectionUnit unit) {
        UnitSpec spec = unit.spec();
        String path = PATH + ".virtual-routers." + name(router.name());
        out.begin(name(router.name()) + " {");
        out.value("id", Integer.toString(router.id()), path);
        out.value("priority", Integer.toString(spec.priority()), path);
        out.value("interface", quoted(router.interfaceName()), path, PATH);
        out.value(
                "addresses",
                texts(router.addresses().stream()
                        .map(HighAvailabilityRenderer::address)
                        .toList()),
                path);
        out.value("advertisement-interval", DurationText.of(spec.interval()), path);
        out.value("misses", Integer.toString(spec.misses()), path);
        out.value("preempt", Boolean.toString(spec.preempt()), path);
        out.value("preempt-delay", DurationText.of(spec.preemptDelay()), path);
        out.value("safety", VirtualRouterReader.SAFETY_LEVELS.nameOf(spec.safety()), path);
        out.value(
                "isolation-test",
                texts(router.isolationTest().stream().map(IpAddress::toString).toList()),
                path);
        out.value("address-lifetime", DurationText.of(spec.addressLifetime()), path);
        tracks(unit, path + ".track");
        unit.notification().ifPresent(program -> notify(program, path + ".notify"));
        out.end("}");
    }

    /** With the interfaces of the unit among what is named: written so, it is the same for every router of a group. */
    private void tracks(ElectionUnit unit, String path) {
        out.begin("track {");
        out.value("own-interface", "false", path);
        list(unit, "interfaces", TrackedThing.NetworkInterface.class, path);
        list(unit, "virtual-servers", TrackedThing.VirtualServer.class, path);
        list(unit, "processes", TrackedThing.Program.class, path);
        checks(unit, "files", false);
        checks(unit, "scripts", true);
        out.end("}");
    }

    private void list(ElectionUnit unit, String key, Class<? extends TrackedThing> kind, String path) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < unit.tracked().size(); i++) {
            TrackedThing thing = unit.tracked().get(i);
            if (kind.isInstance(thing)) {
                TrackSpec track = unit.spec().tracks().get(i);
                items.append(items.isEmpty() ? "" : ", ")
                        .append("{ name = ")
                        .append(quoted(name(thing)))
                        .append(", weight = ")
                        .append(track.weight())
                        .append(" }");
            }
        }
        if (!items.isEmpty()) {
            out.value(key, "[" + items + "]", path);
        }
    }

    private static String name(TrackedThing thing) {
        return switch (thing) {
            case TrackedThing.NetworkInterface(String name) -> name;
            case TrackedThing.VirtualServer(String name) -> name;
            case TrackedThing.Program(String name) -> name;
            case TrackedThing.Check(String name, CheckSpec _) -> name;
        };
    }

    private void checks(ElectionUnit unit, String key, boolean scripts) {
        out.begin(key + " = [");
        for (int i = 0; i < unit.tracked().size(); i++) {
            if (unit.tracked().get(i) instanceof TrackedThing.Check(String name, CheckSpec check)
                    && check.probe() instanceof ScriptProbeSpec == scripts) {
                out.begin("{");
                if (check.probe() instanceof ScriptProbeSpec script) {
                    program(script.command(), script.user(), script.group(), "");
                } else {
                    out.value("name", quoted(name));
                }
                out.value("weight", Integer.toString(unit.spec().tracks().get(i).weight()));
                out.value("interval", DurationText.of(check.interval()));
                if (scripts) {
                    out.value("timeout", DurationText.of(check.timeout()));
                    out.value("rise", Integer.toString(check.rise()));
                    out.value("fall", Integer.toString(check.fall()));
                }
                out.end("}");
            }
        }
        out.end("]");
    }

    private void notify(NotifySpec spec, String path) {
        out.begin("notify {");
        program(spec.command(), spec.user(), spec.group(), path);
        out.value("timeout", DurationText.of(spec.timeout()), path);
        out.end("}");
    }

    private void program(List<String> command, Optional<String> user, Optional<String> group, String path) {
        out.value("command", texts(command), path);
        user.ifPresent(name -> out.value("user", quoted(name), path));
        group.ifPresent(name -> out.value("group", quoted(name), path));
    }

    private static boolean isGroup(ElectionUnit unit) {
        return unit.routers().size() > 1 || !unit.routers().getFirst().name().equals(unit.name());
    }

    private static String address(InterfaceAddressKey key) {
        return key.address() + "/" + key.prefixLength();
    }

    static String texts(Collection<String> texts) {
        return texts.stream().map(HighAvailabilityRenderer::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String name(String name) {
        return ConfigRenderer.plain(name) ? name : quoted(name);
    }

    private static String quoted(String text) {
        return ConfigRenderer.quoted(text);
    }
}
