package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.kernel.IpvsTimeouts;
import io.fairlead.core.model.ConnectionThresholds;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.Persistence;
import io.fairlead.core.model.Scheduler;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.Tunnel.Checksum;
import io.fairlead.core.model.Tunnel.Encapsulation;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.policy.RealServerSpec;
import io.fairlead.core.policy.RemovalGuard;
import io.fairlead.core.policy.VirtualServerSpec;
import io.fairlead.health.check.CheckRequirement;
import io.fairlead.health.check.CheckSet;
import io.fairlead.health.check.CheckSet.NamedCheck;
import io.fairlead.health.check.CheckSpec;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.FileProbeSpec;
import io.fairlead.health.check.FlapDamping;
import io.fairlead.health.check.HttpProbeSpec;
import io.fairlead.health.check.IcmpProbeSpec;
import io.fairlead.health.check.InitialState;
import io.fairlead.health.check.NetworkProbeSpec;
import io.fairlead.health.check.NoProbeSpec;
import io.fairlead.health.check.ScriptProbeSpec;
import io.fairlead.health.check.StatusRange;
import io.fairlead.health.check.TcpProbeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    @TempDir
    Path directory;

    private FairleadConfig accepted(String text) throws IOException {
        return accepted(Files.writeString(directory.resolve("fairlead.conf"), text));
    }

    private static FairleadConfig accepted(Path file) {
        return Outcomes.accepted(ConfigFile.load(file));
    }

    private static CheckSpec checkOf(ConfiguredVirtualServer virtualServer, int realServer) {
        return virtualServer
                .checks()
                .get(realServer)
                .checks()
                .getFirst()
                .target()
                .spec();
    }

    @Test
    void takesDefaultsWhereTheFileIsEmpty() throws IOException {
        FairleadConfig config = accepted("");

        assertThat(config.nodeName()).isNotBlank();
        assertThat(config.virtualServers()).isEmpty();
        assertThat(config.resyncInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.admin()).isEqualTo(AdminConfig.of(Path.of("/run/fairlead/admin.sock")));
    }

    @Test
    void takesDefaultsWhereAVirtualServerSaysNothing() {
        ConfiguredVirtualServer web =
                accepted(Path.of("examples/minimal.conf")).virtualServers().getFirst();

        assertThat(web.spec().key())
                .isEqualTo(new AddressKey(TransportProtocol.TCP, ServerAddress.parse("192.0.2.10:80")));
        assertThat(web.spec().virtualServer().scheduler()).isEqualTo(Scheduler.WEIGHTED_LEAST_CONNECTION);
        assertThat(web.spec().virtualServer().schedulerFlags()).isEmpty();
        assertThat(web.spec().virtualServer().persistence()).isEmpty();
        assertThat(web.spec().virtualServer().onePacketScheduling()).isFalse();
        assertThat(web.spec().policy().inhibitOnFailure()).isFalse();
        RealServerSpec realServer = web.spec().realServers().getFirst();
        assertThat(realServer.name()).isEqualTo("198.51.100.11:80");
        assertThat(realServer.realServer().weight()).isEqualTo(1);
        assertThat(realServer.realServer().forwarding()).isEqualTo(ForwardingMethod.MASQUERADE);
        assertThat(realServer.realServer().thresholds()).isEqualTo(ConnectionThresholds.NONE);
        assertThat(checkOf(web, 0))
                .isEqualTo(new CheckSpec(new TcpProbeSpec(), Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3));
    }

    @Test
    void readsEveryKeyOfAVirtualServer() {
        FairleadConfig config = accepted(Path.of("examples/full.conf"));

        assertThat(config.nodeName()).isEqualTo("edge-a");
        assertThat(config.resyncInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.virtualServers())
                .extracting(found -> found.spec().name())
                .containsExactly("dns", "marked", "web");
        ConfiguredVirtualServer web = config.virtualServers().get(2);
        assertThat(web.spec().virtualServer().scheduler()).isEqualTo(Scheduler.MAGLEV_HASHING);
        assertThat(web.spec().virtualServer().schedulerFlags())
                .isEqualTo(Set.of(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK));
        assertThat(web.spec().virtualServer().persistence()).contains(new Persistence(Duration.ofMinutes(10), 24));
        RealServerSpec limited = web.spec().realServers().get(1);
        assertThat(limited.name()).isEqualTo("web-2");
        assertThat(limited.key().address()).isEqualTo(ServerAddress.parse("198.51.100.12:8443"));
        assertThat(limited.realServer().weight()).isEqualTo(10);
        assertThat(limited.realServer().thresholds()).isEqualTo(new ConnectionThresholds(5000, 4000));
        ConfiguredVirtualServer dns = config.virtualServers().get(0);
        assertThat(dns.spec().virtualServer().onePacketScheduling()).isTrue();
        assertThat(dns.spec().policy().inhibitOnFailure()).isTrue();
        assertThat(dns.spec().realServers())
                .extracting(realServer -> realServer.realServer().forwarding())
                .containsExactly(ForwardingMethod.DIRECT_ROUTE, ForwardingMethod.TUNNEL);
        assertThat(config.virtualServers().get(1).spec().key()).isEqualTo(new FwmarkKey(IpFamily.IPV4, 7));
    }

    @Test
    void readsTunnelsAndWhereTheyAreInheritedFrom() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.virtual-servers.a {
              address = "192.0.2.1", port = 80, forwarding = tunnel
              tunnel { type = gue, port = 6080, checksum = remote }
              real-servers = [
                { address = "198.51.100.1" }
                { address = "2001:db8::1", tunnel { type = gre, checksum = full } }
                { address = "198.51.100.2", tunnel { type = ipip } }
                { address = "198.51.100.3", forwarding = nat }
              ]
              sorry-server { address = "198.51.100.9" }
            }
            """);

        VirtualServerSpec a = config.virtualServers().getFirst().spec();
        Tunnel inherited = new Tunnel(Encapsulation.GUE, 6080, Checksum.REMOTE);
        assertThat(a.realServers())
                .extracting(realServer -> realServer.realServer().tunnel())
                .containsExactly(inherited, new Tunnel(Encapsulation.GRE, 0, Checksum.FULL), Tunnel.IPIP, Tunnel.IPIP);
        assertThat(a.policy().sorryServer().orElseThrow().realServer().tunnel()).isEqualTo(inherited);
        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }

    @Test
    void readsAPersistenceEngineAndFlagsByNumber() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.virtual-servers.a {
              address = "192.0.2.1", port = 5060, protocol = udp
              scheduler = sh, scheduler-flags = [flag-1, flag-3]
              persistence { engine = sip }
            }
            """);

        VirtualServer a = config.virtualServers().getFirst().spec().virtualServer();
        assertThat(a.persistence()).contains(new Persistence(Duration.ofMinutes(5), 32, Optional.of("sip")));
        assertThat(a.schedulerFlags()).isEqualTo(Set.of(SchedulerFlag.SH_FALLBACK, SchedulerFlag.FLAG_3));
        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }

    @Test
    void readsEveryKeyOfThePolicy() throws IOException {
        FairleadConfig config = accepted("""
            fairlead {
              removal-guard { virtual-servers = 10, real-servers = 100 }
              ipvs-timeouts { tcp = 2h, udp = 30s }
              state-directory = /srv/state
              defaults { drain-timeout = 5m, slow-start = 1s }
              virtual-servers {
                a {
                  address = "192.0.2.1", port = 80, quorum = 20, hysteresis = 5, slow-start = 30s
                  sorry-server { address = "198.51.100.9", port = 8080, inhibit = true }
                  real-servers = [
                    { address = "198.51.100.1", weight = 20, inhibit-on-failure = true }
                    { address = "198.51.100.2", weight = 20 }
                  ]
                }
                b { address = "192.0.2.2", port = 80, forwarding = dr, drain-timeout = 0s
                  sorry-server { address = "198.51.100.9" } }
              }
            }
            """);

        assertThat(config.removalGuard()).isEqualTo(new RemovalGuard(10, 100));
        assertThat(config.ipvsTimeouts())
                .isEqualTo(new IpvsTimeouts(Duration.ofHours(2), Duration.ZERO, Duration.ofSeconds(30)));
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/srv/state"));
        VirtualServerSpec a = config.virtualServers().getFirst().spec();
        assertThat(a.policy().quorum()).isEqualTo(new Quorum(20, 5));
        assertThat(a.policy().slowStart()).isEqualTo(Duration.ofSeconds(30));
        assertThat(a.policy().drainTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(a.policy().sorryServer()).hasValueSatisfying(sorry -> {
            assertThat(sorry.realServer().key()).hasToString("198.51.100.9:8080");
            assertThat(sorry.realServer().forwarding()).isEqualTo(ForwardingMethod.MASQUERADE);
            assertThat(sorry.inhibit()).isTrue();
        });
        assertThat(a.realServers())
                .extracting(RealServerSpec::inhibitOnFailure)
                .containsExactly(Optional.of(true), Optional.empty());
        VirtualServerSpec b = config.virtualServers().getLast().spec();
        assertThat(b.policy().drainTimeout()).isZero();
        assertThat(b.policy().slowStart()).isEqualTo(Duration.ofSeconds(1));
        assertThat(b.policy().sorryServer().orElseThrow().realServer().key()).hasToString("198.51.100.9:80");
        assertThat(b.policy().sorryServer().orElseThrow().realServer().forwarding())
                .isEqualTo(ForwardingMethod.DIRECT_ROUTE);
        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }

    @Test
    void showsMetricsToThisHostAloneAndNoPageUnlessAsked() throws IOException {
        MetricsConfig silent = accepted("").metrics();
        FairleadConfig asked = accepted("""
            fairlead.metrics { listen = "[2001:db8::1]:9650", per-real-server = false, status-page = true }
            """);

        assertThat(silent)
                .isEqualTo(new MetricsConfig(Optional.of(ServerAddress.parse("127.0.0.1:9650")), true, false));
        assertThat(asked.metrics())
                .isEqualTo(new MetricsConfig(Optional.of(ServerAddress.parse("[2001:db8::1]:9650")), false, true));
        assertThat(accepted("fairlead.metrics.listen = none").metrics().listen())
                .isEmpty();
        assertThat(accepted(ConfigRenderer.render(asked))).isEqualTo(asked);
    }

    @Test
    void readsEveryKeyOfTheDefaults() throws IOException {
        FairleadConfig config = accepted("""
            fairlead {
              admin.socket = "/tmp/a.sock"
              defaults {
                scheduler = sh, forwarding = dr, inhibit-on-failure = yes
                health-check { type = http, interval = 10s, timeout = 250ms, rise = 4, fall = 5, method = HEAD,
                  path = "/up", host = shop.example, expect-status = [204, "300-302"] }
              }
              virtual-servers.a {
                address = "2001:db8::1", port = 53, protocol = sctp, real-servers = [{ address = "2001:db8::2" }]
              }
            }
            """);

        ConfiguredVirtualServer only = config.virtualServers().getFirst();
        assertThat(config.admin()).isEqualTo(AdminConfig.of(Path.of("/tmp/a.sock")));
        assertThat(only.spec().virtualServer().scheduler()).isEqualTo(Scheduler.SOURCE_HASHING);
        assertThat(only.spec().policy().inhibitOnFailure()).isTrue();
        assertThat(only.spec().realServers().getFirst().realServer().forwarding())
                .isEqualTo(ForwardingMethod.DIRECT_ROUTE);
        assertThat(checkOf(only, 0))
                .isEqualTo(new CheckSpec(
                        new HttpProbeSpec(
                                "HEAD",
                                "/up",
                                Optional.of("shop.example"),
                                List.of(new StatusRange(204, 204), new StatusRange(300, 302))),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(250),
                        4,
                        5));
    }

    @Test
    void aCheckThroughTheVirtualServerAsksItsAddressByAPathToTheRealServer() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.virtual-servers.web { address = "192.0.2.1", port = 80, forwarding = direct-route
              health-checks { own { type = tcp }, path { type = http, through-virtual-server = true } }
              real-servers = [
                { address = "198.51.100.1" }
                { address = "198.51.100.2", health-checks.path { mark = 9, source-address = "203.0.113.1", port = 81 } }
              ] }
            """);
        ConfiguredVirtualServer web = config.virtualServers().getFirst();

        CheckTarget own = web.checks().getFirst().targets().getFirst();
        CheckTarget one = web.checks().getFirst().targets().getLast();
        CheckTarget two = web.checks().getLast().targets().getLast();
        assertThat(own.address()).hasToString("198.51.100.1:80");
        assertThat(one.address()).hasToString("192.0.2.1:80");
        assertThat(((NetworkProbeSpec) one.spec().probe()).connection())
                .isEqualTo(ConnectionSpec.DEFAULT.through(IpAddress.parse("198.51.100.1"), 0x2633_6401L));
        assertThat(two.address()).hasToString("192.0.2.1:81");
        assertThat(((NetworkProbeSpec) two.spec().probe()).connection().mark()).isEqualTo(9);
        assertThat(((NetworkProbeSpec) two.spec().probe()).connection().sourceAddress())
                .hasValue(IpAddress.parse("203.0.113.1"));
        assertThat(CheckPaths.of(config.virtualServers()).keySet())
                .containsExactlyInAnyOrder(new FwmarkKey(IpFamily.IPV4, 0x2633_6401L), new FwmarkKey(IpFamily.IPV4, 9));
        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }

    @Test
    void mergesNamedChecksNameByNameAndThenFromTheCommonOne() throws IOException {
        FairleadConfig config = accepted("""
            fairlead {
              defaults { health-check { interval = 7s }, health-checks { port { type = tcp, rise = 5 } } }
              virtual-servers.web { address = "192.0.2.1", port = 80, require-checks = any
                health-check { fall = 9 }
                health-checks { page { type = http, path = "/a", fall = 4 }, port { interval = 8s } }
                real-servers = [
                  { address = "198.51.100.1" }
                  { address = "198.51.100.2", health-checks { page { path = "/b" }, port { type = none } } }
                  { address = "198.51.100.3", require-checks = all, health-check { fall = 2, rise = 1 } }
                  { address = "198.51.100.4", health-checks { page { type = none }, port { type = none } } }
                ] }
            }
            """);
        List<CheckSet> checks = config.virtualServers().getFirst().checks();

        assertThat(checks.get(0).require()).isEqualTo(CheckRequirement.ANY);
        assertThat(checks.get(0).checks()).extracting(NamedCheck::name).containsExactly("page", "port");
        CheckSpec page = checks.get(0).checks().get(0).target().spec();
        CheckSpec port = checks.get(0).checks().get(1).target().spec();
        assertThat(page.probe())
                .isInstanceOfSatisfying(
                        HttpProbeSpec.class,
                        http -> assertThat(http.request().path()).isEqualTo("/a"));
        assertThat(List.of(page.interval(), page.fall(), page.rise())).isEqualTo(List.of(Duration.ofSeconds(7), 4, 2));
        assertThat(port.probe()).isEqualTo(new TcpProbeSpec());
        assertThat(List.of(port.interval(), port.fall(), port.rise())).isEqualTo(List.of(Duration.ofSeconds(8), 9, 5));

        assertThat(checks.get(1).checks()).extracting(NamedCheck::name).containsExactly("page");
        assertThat(checks.get(1).checks().getFirst().target().spec().probe())
                .isInstanceOfSatisfying(
                        HttpProbeSpec.class,
                        http -> assertThat(http.request().path()).isEqualTo("/b"));

        assertThat(checks.get(2).require()).isEqualTo(CheckRequirement.ALL);
        assertThat(checks.get(2).checks().get(0).target().spec().fall())
                .isEqualTo(4); // a name's own word is the nearer one
        assertThat(checks.get(2).checks().get(0).target().spec().rise()).isEqualTo(1);
        assertThat(checks.get(2).checks().get(1).target().spec().fall()).isEqualTo(2);

        assertThat(checks.get(3).targets())
                .singleElement()
                .satisfies(target -> assertThat(target.spec().probe()).isEqualTo(new NoProbeSpec()));
    }

    @Test
    void readsWhatDecidesBesideRiseAndFall() throws IOException {
        CheckSpec check = checkOf(accepted("""
            fairlead.virtual-servers.web { address = "192.0.2.1", port = 80
              health-check { interval-down = 3s, initial-state = down
                flap-hold-down = 4s, flap-hold-down-max = 5s, flap-forget-after = 6s }
              real-servers = [{ address = "198.51.100.1" }] }
            """).virtualServers().getFirst(), 0);

        assertThat(check.intervalDown()).isEqualTo(Duration.ofSeconds(3));
        assertThat(check.initialState()).isEqualTo(InitialState.DOWN);
        assertThat(check.damping())
                .hasValue(new FlapDamping(Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(6)));
    }

    @Test
    void mergesHealthChecksKeyByKey() {
        ConfiguredVirtualServer web =
                accepted(Path.of("examples/full.conf")).virtualServers().get(2);

        CheckSpec inherited = checkOf(web, 0);
        CheckSpec own = checkOf(web, 2);

        assertThat(own.probe()).isEqualTo(inherited.probe());
        assertThat(own.interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(own.fall()).isEqualTo(inherited.fall());
    }

    @Test
    void ignoresInheritedKeysThatTheChosenTypeDoesNotKnow() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.defaults.health-check { type = http, path = "/up" }
            fairlead.virtual-servers.a { address = "192.0.2.1", port = 80, health-check.type = tcp
              real-servers = [{ address = "198.51.100.1" }] }
            """);

        assertThat(checkOf(config.virtualServers().getFirst(), 0).probe()).isEqualTo(new TcpProbeSpec());
    }

    @Test
    void sharesEqualChecksAndThresholds() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.virtual-servers.a { address = "192.0.2.1", port = 80
              real-servers = [
                { address = "198.51.100.1", upper-threshold = 9, health-check.interval = 9s }
                { address = "198.51.100.2", upper-threshold = 9, health-check.interval = 9s }
              ] }
            """);

        ConfiguredVirtualServer only = config.virtualServers().getFirst();

        assertThat(checkOf(only, 0)).isSameAs(checkOf(only, 1));
        assertThat(only.spec().realServers().get(0).realServer().thresholds())
                .isSameAs(only.spec().realServers().get(1).realServer().thresholds());
    }

    @Test
    void carriesOutSubstitutionsAndIncludes() throws IOException {
        Files.writeString(
                directory.resolve("servers.conf"),
                "a.real-servers = [{ address = ${fairlead.virtual-servers.a.address}5 }]");

        FairleadConfig config = accepted("""
            fairlead.node-name = "n"
            fairlead.virtual-servers { include "servers" }
            fairlead.virtual-servers.a { address = "192.0.2.1", port = 80 }
            """);

        assertThat(config.virtualServers().getFirst().spec().realServers())
                .extracting(RealServerSpec::name)
                .containsExactly("192.0.2.15:80");
    }

    @Test
    void warnsOfAnIncludedFileThatIsMissing() throws IOException {
        Path file = Files.writeString(directory.resolve("fairlead.conf"), "\ninclude \"gone.conf\"\n");

        ConfigOutcome outcome = ConfigFile.load(file);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ConfigOutcome.Accepted.class,
                        accepted -> assertThat(accepted.warnings())
                                .extracting(Problem::toString)
                                .containsExactly(
                                        file + ":2: include " + directory.resolve("gone.conf") + ": no such file"));
    }

    private static String hashed(String flags, String more) {
        return """
            fairlead.virtual-servers.a {
              address = "192.0.2.1", port = 80
              %s
              %s
              real-servers = [{ address = "192.0.2.2" }]
            }
            """.formatted(flags, more);
    }

    private List<String> warnings(String text) throws IOException {
        return switch (ConfigFile.load(Files.writeString(directory.resolve("fairlead.conf"), text))) {
            case ConfigOutcome.Accepted accepted ->
                accepted.warnings().stream().map(Problem::toString).toList();
            case ConfigOutcome.Refused refused -> throw new AssertionError(refused.report());
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scheduler = mh                                  |                           | 1 | mh | [mh-fallback]",
                "scheduler = sh                                  |                           | 1 | sh | [sh-fallback]",
                "scheduler = mh, scheduler-flags = [mh-port]     |                           | 3 | mh | [mh-port,"
                        + " mh-fallback]",
                "scheduler = mh                                  | drain-timeout = 0s, inhibit-on-failure = true | 1 |"
                        + " mh | [mh-fallback]",
            })
    void warnsOfAScheduleThatTurnsClientsAwayWhileARealServerDrains(
            String scheduler, @Nullable String more, int line, String name, String expected) throws IOException {
        assertThat(warnings(hashed(scheduler, more == null ? "" : more)))
                .containsExactly(directory.resolve("fairlead.conf") + ":" + line
                        + ": fairlead.virtual-servers.a.scheduler-flags: without " + name + "-fallback scheduler "
                        + name + " refuses the clients of a real server with weight 0, as while it drains (expected: "
                        + expected + ")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scheduler = mh, scheduler-flags = [mh-port, mh-fallback] | drain-timeout = 1m",
                "scheduler = sh, scheduler-flags = [flag-1]               | drain-timeout = 1m",
                "scheduler = wlc                                          | drain-timeout = 1m",
                "scheduler = sh                                           | drain-timeout = 0s",
            })
    void doesNotWarnWhereNoClientIsTurnedAway(String scheduler, String more) throws IOException {
        assertThat(warnings(hashed(scheduler, more))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"examples/minimal.conf", "examples/full.conf", "examples/failover-pair.conf"})
    void acceptsTheExamplesWithoutWarning(String example) {
        assertThat(ConfigFile.load(Path.of(example)))
                .isInstanceOfSatisfying(
                        ConfigOutcome.Accepted.class,
                        accepted -> assertThat(accepted.warnings()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"examples/minimal.conf", "examples/full.conf", "examples/failover-pair.conf"})
    void showsTextThatLoadsToTheSameConfiguration(String example) throws IOException {
        ConfigRenderer.Shown shown = ConfigRenderer.show(Path.of(example));

        assertThat(accepted(shown.text())).isEqualTo(accepted(Path.of(example)));
    }

    @Test
    void showsWhereEachValueComesFrom() throws IOException {
        Path file = Files.writeString(directory.resolve("fairlead.conf"), """
            fairlead.defaults.scheduler = rr
            fairlead.virtual-servers.a { address = "192.0.2.1"
              port = 80, real-servers = [{ address = "198.51.100.1" }] }
            """);

        String text = ConfigRenderer.show(file).text();

        assertThat(text)
                .contains(
                        "scheduler = \"rr\"  # " + file + ":1\n",
                        "port = 80  # " + file + ":3\n",
                        "protocol = tcp  # default\n");
    }

    @Test
    void showsNamedChecksAsTheyAreInEffectAndWhereTheyComeFrom() throws IOException {
        Path file = Files.writeString(directory.resolve("fairlead.conf"), """
            fairlead.defaults { require-checks = any, health-check.flap-hold-down = 9s
              health-checks { "page.x" { type = http } } }
            fairlead.virtual-servers.a { address = "192.0.2.1", port = 80
              health-checks { "page.x" { path = "/a" }, port { type = tcp, interval-down = 3s, initial-state = up } }
              real-servers = [{ address = "198.51.100.1" }] }
            """);

        String text = ConfigRenderer.show(file).text();

        assertThat(text)
                .contains(
                        "require-checks = any  # " + file + ":1\n",
                        "\"page.x\" {\n",
                        "type = http  # " + file + ":2\n",
                        "path = \"/a\"  # " + file + ":4\n",
                        "flap-hold-down = 9s  # " + file + ":1\n");
        assertThat(accepted(text)).isEqualTo(accepted(file));
    }

    @Test
    void readsChecksThatAreMadeOnThisHost() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.defaults.health-check { type = script, shell-command = "test -f x", user = nobody }
            fairlead.virtual-servers.a { fwmark = 7
              real-servers = [
                { address = "198.51.100.1" }
                { address = "198.51.100.2"
                  health-check { command = ["/bin/a", "b c"], group = adm, exit-code-sets-weight = true } }
                { address = "198.51.100.3", health-check { type = file, file = "/run/x" } }
                { address = "198.51.100.4", health-check { type = icmp, payload-size = 1000 } }
                { address = "198.51.100.5", health-check { type = icmp } }
              ] }
            """);
        ConfiguredVirtualServer only = config.virtualServers().getFirst();

        assertThat(checkOf(only, 0).probe())
                .isEqualTo(new ScriptProbeSpec(
                        List.of("/bin/sh", "-c", "test -f x"), Optional.of("nobody"), Optional.empty(), false));
        assertThat(checkOf(only, 1).probe())
                .isEqualTo(
                        new ScriptProbeSpec(List.of("/bin/a", "b c"), Optional.of("nobody"), Optional.of("adm"), true));
        assertThat(checkOf(only, 2).probe()).isEqualTo(new FileProbeSpec("/run/x"));
        assertThat(checkOf(only, 3).probe()).isEqualTo(new IcmpProbeSpec(1000));
        assertThat(checkOf(only, 4).probe()).isEqualTo(new IcmpProbeSpec(56));
        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }
}
