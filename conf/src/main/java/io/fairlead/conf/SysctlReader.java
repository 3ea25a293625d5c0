package io.fairlead.conf;

import io.fairlead.core.model.SysctlSetting;
import io.fairlead.core.policy.SysctlSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads {@code sysctls}: what is not set stays as the kernel has it. */
final class SysctlReader {

    static final Keys KEYS = new Keys("fairlead.sysctls");

    /** Each key that is on or off, with the settings that it stands for. */
    private static final List<Switch> SWITCHES = List.of(
            Switch.of("ip-forward", "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"),
            new Switch(
                    KEYS.add("strict-arp"),
                    List.of(
                            new SysctlSetting("net.ipv4.conf.all.arp_ignore", "1"),
                            new SysctlSetting("net.ipv4.conf.all.arp_announce", "2"))),
            Switch.of("conntrack", "net.ipv4.vs.conntrack"),
            Switch.of("expire-nodest-conn", "net.ipv4.vs.expire_nodest_conn"),
            Switch.of("expire-quiescent-template", "net.ipv4.vs.expire_quiescent_template"),
            Switch.of("sloppy-tcp", "net.ipv4.vs.sloppy_tcp"),
            Switch.of("sloppy-sctp", "net.ipv4.vs.sloppy_sctp"),
            Switch.of("schedule-icmp", "net.ipv4.vs.schedule_icmp"),
            Switch.of("nat-icmp-send", "net.ipv4.vs.nat_icmp_send"),
            Switch.of("snat-reroute", "net.ipv4.vs.snat_reroute"));

    private static final String CONN_REUSE_MODE = KEYS.add("conn-reuse-mode");
    private static final String CONN_REUSE_MODE_SYSCTL = "net.ipv4.vs.conn_reuse_mode";
    private static final int CONN_REUSE_MODE_MAX = 2;
    private static final String ON_STOP = KEYS.add("on-stop");
    private static final Choices<Boolean> ON_STOP_CHOICES =
            new Choices<Boolean>().add("keep", false).add("restore", true);

    private static final String CONNTRACK = "net.ipv4.vs.conntrack";

    private SysctlReader() {}

    /**
     * A key that is on or off.
     *
     * @param whenOn the settings when it is on; when it is off each is 0
     */
    private record Switch(String key, List<SysctlSetting> whenOn) {

        static Switch of(String key, String... names) {
            List<SysctlSetting> settings = new ArrayList<>();
            for (String name : names) {
                settings.add(new SysctlSetting(name, "1"));
            }
            return new Switch(KEYS.add(key), settings);
        }

        List<SysctlSetting> settings(boolean on) {
            return on
                    ? whenOn
                    : whenOn.stream()
                            .map(setting -> new SysctlSetting(setting.name(), "0"))
                            .toList();
        }
    }

    /** @param needsConntrack whether a virtual server has {@code source-nat} */
    static SysctlSpec read(Section section, boolean needsConntrack) {
        List<SysctlSetting> settings = new ArrayList<>();
        for (Switch choice : SWITCHES) {
            section.flag(choice.key()).ifPresent(on -> settings.addAll(choice.settings(on)));
        }
        section.integer(CONN_REUSE_MODE, 0, CONN_REUSE_MODE_MAX)
                .ifPresent(mode -> settings.add(new SysctlSetting(CONN_REUSE_MODE_SYSCTL, Integer.toString(mode))));
        if (needsConntrack && settings.contains(new SysctlSetting(CONNTRACK, "0"))) {
            section.error("conntrack", "false (expected: true, or no virtual server with source-nat, which needs it)");
        }
        return new SysctlSpec(settings, section.choice(ON_STOP, ON_STOP_CHOICES).orElse(false));
    }

    /** Tells every key that would give {@code spec}, with its value. */
    static void show(SysctlSpec spec, BiConsumer<String, String> line) {
        for (Switch choice : SWITCHES) {
            value(spec, choice.whenOn().getFirst().name())
                    .ifPresent(value -> line.accept(choice.key(), Boolean.toString(!value.equals("0"))));
        }
        value(spec, CONN_REUSE_MODE_SYSCTL).ifPresent(value -> line.accept(CONN_REUSE_MODE, value));
        line.accept(ON_STOP, spec.restoreOnStop() ? "restore" : "keep");
    }

    private static Optional<String> value(SysctlSpec spec, String name) {
        return spec.settings().stream()
                .filter(setting -> setting.name().equals(name))
                .map(SysctlSetting::value)
                .findFirst();
    }
}
