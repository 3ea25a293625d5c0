package io.fairlead.appliance.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import io.fairlead.appliance.admin.Reports;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.policy.MarkRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A host on which all is well, and what a single thing that is not makes of it. */
class DoctorTest {

    private static final String NAT = server("nat", "rr", "");
    private static final String DIRECT = server("direct-route", "rr", "");
    private static final String TUNNEL = server("tunnel", "rr", "");
    private static final String PERSISTENT = server("nat", "rr", "persistence { timeout = 5m }");
    private static final String MAGLEV = server("nat", "mh", "");
    private static final String IPV6 = """
        fairlead.virtual-servers.web {
          address = "2001:db8::10", port = 80, forwarding = nat
          real-servers = [{ address = "2001:db8:1::11" }]
        }
        """;
    private static final String DUMMY = """
        fairlead.virtual-addresses.public { interface = vip0, dummy = true, addresses = ["192.0.2.10/32"] }
        """;

    private static final String ROUTER = """
        fairlead.high-availability {
          interface = eth0, bind-address = "192.0.2.2", peers = ["192.0.2.3"], secret-file = "/etc/fairlead/cluster.key"
          virtual-routers.outside { id = 51, addresses = ["192.0.2.10/24"] }
        }
        """;

    private static final String CLUSTER = """
        fairlead.kubernetes {
          enabled = true, kubeconfig = "/etc/fairlead/kubeconfig"
          address-pools.public { addresses = ["203.0.113.0/24"] }
        }
        """;

    @TempDir
    Path directory;

    private static String server(String forwarding, String scheduler, String more) {
        return """
            fairlead.virtual-servers.web {
              address = "192.0.2.10", port = 80, forwarding = %s, scheduler = %s
              %s
              real-servers = [{ address = "198.51.100.11" }]
            }
            """.formatted(forwarding, scheduler, more);
    }

    /** What is found on a host, to be made worse. */
    static final class Host {
        private Optional<FairleadConfig> config = Optional.empty();
        private List<String> problems = List.of();
        private Optional<StatusReport> status = Optional.empty();
        private Optional<HaReport> election = Optional.empty();
        private Optional<List<String>> ipvsFile = Optional.of(List.of(
                "IP Virtual Server version 1.2.1 (size=4096)",
                "Prot LocalAddress:Port Scheduler Flags",
                "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn",
                "TCP  C000020A:0050 rr ",
                "  -> C633640B:0050      Masq    1      0          0         "));
        private Set<String> modules = Set.of("ip_vs", "ip_vs_rr", "ip_vs_wlc", "nf_tables", "ipip", "dummy");
        private Set<String> loadable = Set.of();
        private long capabilities = -1;
        private final Map<String, String> sysctls = new HashMap<>(Map.of(
                "net.ipv4.ip_forward", "1",
                "net.ipv6.conf.all.forwarding", "1",
                "net.ipv4.conf.all.rp_filter", "0",
                "net.ipv4.vs.expire_quiescent_template", "1",
                "kernel.osrelease", "6.12.0"));
        private List<HostFacts.Interface> interfaces =
                List.of(new HostFacts.Interface("eth0", true, 1600), new HostFacts.Interface("eth1", true, 1500));
        private Set<String> addresses = Set.of("127.0.0.1", "192.0.2.10", "2001:db8::10");
        private Set<String> advertised = Set.of();
        private Set<String> programs = Set.of("systemd", "chronyd");
        private Optional<List<String>> ruleset = Optional.of(List.of());
        private Optional<Set<String>> duplicates = Optional.of(Set.of());
        private boolean clock = true;
        private OptionalLong free = OptionalLong.of(1L << 30);
        private boolean writable = true;
        private Optional<HostFacts.Service> service =
                Optional.of(new HostFacts.Service(List.of("java", "-Xmx128m"), 65_536));

        HostFacts facts() {
            return new HostFacts(
                    config,
                    problems,
                    status,
                    election,
                    ipvsFile,
                    modules,
                    loadable,
                    capabilities,
                    sysctls,
                    interfaces,
                    addresses,
                    advertised,
                    programs,
                    ruleset,
                    duplicates,
                    clock,
                    free,
                    writable,
                    service);
        }
    }

    private Host host(String configuration) throws IOException {
        Host host = new Host();
        host.config = Optional.of(((ConfigOutcome.Accepted)
                        ConfigFile.load(Files.writeString(directory.resolve("fairlead.conf"), configuration)))
                .config());
        return host;
    }

    private static List<String> complaints(HostFacts facts) {
        return Doctor.examine(facts).stream()
                .filter(finding -> finding.severity() != Severity.OK)
                .map(finding -> finding.severity().configName() + " " + finding.check())
                .filter(complaint -> !complaint.equals("warning appliance")) // none runs in this test
                .toList();
    }

    private static Arguments flaw(String expected, String configuration, Consumer<Host> flaw) {
        return Arguments.of(expected, configuration, flaw);
    }

    static Stream<Arguments> flaws() {
        return Stream.of(
                flaw("warning ipvs", NAT, host -> {
                    host.ipvsFile = Optional.empty();
                    host.loadable = Set.of("ip_vs");
                }),
                flaw("error ipvs", NAT, host -> host.ipvsFile = Optional.empty()),
                flaw("error schedulers", MAGLEV, host -> {}),
                flaw("error modules", TUNNEL, host -> host.modules = Set.of("ip_vs", "ip_vs_rr")),
                flaw("warning capabilities", NAT, host -> host.capabilities = 0),
                flaw("error forwarding-ipv4", NAT, host -> host.sysctls.put("net.ipv4.ip_forward", "0")),
                flaw("error forwarding-ipv6", IPV6, host -> {
                    host.sysctls.put("net.ipv6.conf.all.forwarding", "0");
                    host.ipvsFile = Optional.of(List.of("TCP  [2001:0db8:0000:0000:0000:0000:0000:0010]:0050 rr"));
                }),
                flaw("warning router-advertisements", NAT, host -> {
                    host.sysctls.put("net.ipv6.conf.eth0.accept_ra", "1");
                    host.advertised = Set.of("eth0");
                }),
                flaw("warning rp-filter", DIRECT, host -> host.sysctls.put("net.ipv4.conf.eth1.rp_filter", "1")),
                flaw("warning strict-arp", NAT + DUMMY, host -> {}),
                flaw("warning connection-reuse", NAT, host -> {
                    host.sysctls.put("kernel.osrelease", "5.4.0-100");
                    host.sysctls.put("net.ipv4.vs.conntrack", "1");
                    host.sysctls.put("net.ipv4.vs.conn_reuse_mode", "1");
                }),
                flaw(
                        "warning persistence",
                        PERSISTENT,
                        host -> host.sysctls.put("net.ipv4.vs.expire_quiescent_template", "0")),
                flaw("error conntrack", NAT, host -> {
                    host.sysctls.put("net.netfilter.nf_conntrack_count", "950");
                    host.sysctls.put("net.netfilter.nf_conntrack_max", "1000");
                }),
                flaw("error loopback", NAT, host -> host.addresses = Set.of("192.0.2.10")),
                flaw("warning virtual-addresses", NAT, host -> host.addresses = Set.of("127.0.0.1")),
                flaw(
                        "warning tunnel-mtu",
                        TUNNEL,
                        host -> host.interfaces = List.of(new HostFacts.Interface("eth0", true, 1500))),
                flaw(
                        "warning firewall",
                        NAT,
                        host -> host.ruleset =
                                Optional.of(List.of("\t\ttype filter hook forward priority filter; policy drop;"))),
                flaw("unknown firewall", NAT, host -> host.ruleset = Optional.empty()),
                flaw("unknown direct-routing", DIRECT, host -> host.duplicates = Optional.empty()),
                flaw("warning other-programs", NAT, host -> host.programs = Set.of("keepalived")),
                flaw(
                        "warning foreign-virtual-servers",
                        NAT,
                        host -> host.ipvsFile = Optional.of(List.of("TCP  C000020A:0050 rr", "FWM  00000007 rr"))),
                flaw("error duplicate-addresses", NAT, host -> host.duplicates = Optional.of(Set.of("192.0.2.10"))),
                flaw("error configuration", NAT, host -> {
                    host.config = Optional.empty();
                    host.problems = List.of("fairlead.conf:2: x");
                }),
                flaw("error state-directory", NAT, host -> host.writable = false),
                flaw("error state-directory", NAT, host -> host.free = OptionalLong.of(1)),
                flaw("warning clock", NAT, host -> host.clock = false),
                flaw(
                        "warning runtime",
                        NAT,
                        host -> host.service = Optional.of(new HostFacts.Service(List.of("java"), 65_536))),
                flaw(
                        "warning runtime",
                        NAT,
                        host -> host.service = Optional.of(new HostFacts.Service(List.of("-Xmx128m"), 1_024))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flaws")
    void findsOneFlawAndNothingElse(String expected, String configuration, Consumer<Host> flaw) throws IOException {
        Host host = host(configuration);

        flaw.accept(host);

        assertThat(complaints(host.facts())).containsExactly(expected);
    }

    @Test
    void findsNothingWhereAllIsWell() throws IOException {
        for (String configuration : List.of(NAT, DIRECT, TUNNEL, PERSISTENT)) {
            assertThat(complaints(host(configuration).facts()))
                    .as(configuration)
                    .isEmpty();
        }
    }

    @Test
    void everyComplaintHasARemedyAndEveryCheckANameOfItsOwn() throws IOException {
        List<String> names = new ArrayList<>();
        for (Finding finding : Doctor.examine(host(NAT).facts())) {
            names.add(finding.check());
            assertThat(finding.remedy().isEmpty()).isEqualTo(finding.severity() == Severity.OK);
        }

        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void tellsOfTheFirstWarningAboutTheFileAndHowManyThereAre() throws IOException {
        Host host = host(NAT);
        host.problems = List.of("fairlead.conf:1: one", "fairlead.conf:2: two", "fairlead.conf:3: three");

        assertThat(Doctor.examine(host.facts()))
                .filteredOn(finding -> finding.check().equals("configuration"))
                .containsExactly(Finding.warning(
                        "configuration",
                        "fairlead.conf:1: one, and 2 more",
                        "mend what it expects; fairlead config check names all there is"));
    }

    @Test
    void leavesToTheElectionWhereAddressesOfVirtualRoutersAre() throws IOException {
        for (Optional<HaReport> election : List.of(Optional.<HaReport>empty(), Optional.of(role("backup")))) {
            Host host = host(NAT + ROUTER);
            host.addresses = Set.of("127.0.0.1");
            host.election = election;

            assertThat(complaints(host.facts())).isEmpty();
        }
    }

    @Test
    void missesNoServiceAddressThatJoinsAVirtualRouter() throws IOException {
        Host host = host(NAT + ROUTER.replace("192.0.2.10", "192.0.2.77") + """
            fairlead.kubernetes {
              enabled = true, kubeconfig = "/etc/fairlead/kubeconfig"
              address-pools.public { addresses = ["192.0.2.8/29"], virtual-router = outside }
            }
            """);
        host.addresses = Set.of("127.0.0.1");

        assertThat(complaints(host.facts())).isEmpty();
    }

    @Test
    void missesTheAddressesOfAMaster() throws IOException {
        Host host = host(NAT + ROUTER);
        host.addresses = Set.of("127.0.0.1");
        host.election = Optional.of(role("master"));

        assertThat(complaints(host.facts())).containsExactly("error virtual-routers");
        assertThat(finding(host, "virtual-routers").found())
                .isEqualTo("outside is master, and not on this host: 192.0.2.10");
    }

    @Test
    void findsAddressesThatABackupHas() throws IOException {
        Host host = host(NAT + ROUTER);
        host.election = Optional.of(role("backup"));

        assertThat(complaints(host.facts())).containsExactly("warning virtual-routers");
        assertThat(finding(host, "virtual-routers").found())
                .isEqualTo("outside is backup, yet on this host: 192.0.2.10");
    }

    @Test
    void findsWhatTheKernelRefusesTheElection() throws IOException {
        Host host = host(NAT + ROUTER);
        host.election = Optional.of(role("fault", "192.0.2.10/24 on eth0: EPERM"));
        host.addresses = Set.of("127.0.0.1");

        assertThat(complaints(host.facts())).containsExactly("error in-sync");
    }

    @Test
    void countsWhatWasMadeOfServicesAsOurs() throws IOException {
        Host host = host(NAT + CLUSTER);
        host.ipvsFile = Optional.of(List.of(
                "TCP  CB007100:0050 rr", // 203.0.113.0:80
                "UDP  [2001:0db8:0000:0000:0000:0000:0000:0010]:0035 rr",
                "FWM  %08X rr".formatted(MarkRange.DEFAULT.of("shop/web:several")),
                "FWM  00000007 rr"));
        assertThat(finding(host, "foreign-virtual-servers"))
                .isEqualTo(Finding.ok("foreign-virtual-servers", "none seen"));

        host.status = Optional.of(serving(
                "shop/web:http", "TCP 203.0.113.0:80",
                "shop/web:dns", "UDP [2001:db8::10]:53",
                "shop/web:several", "TCP 203.0.113.1:80,443"));

        assertThat(finding(host, "foreign-virtual-servers").found())
                .isEqualTo("1 in the kernel is not configured here: FWM 7");
        assertThat(finding(host, "foreign-virtual-servers").remedy()).startsWith("ipvsadm -D -f 7 ");

        host.ipvsFile = Optional.of(List.of("UDP  [2001:0db8:0000:0000:0000:0000:0000:0011]:0035 rr"));
        host.status = Optional.of(serving());
        assertThat(finding(host, "foreign-virtual-servers"))
                .returns("1 in the kernel is not configured here: UDP [2001:db8::11]:53", Finding::found)
                .returns(
                        "ipvsadm -D -u [2001:db8::11]:53 and such, if nobody wants them; Fairlead leaves them alone",
                        Finding::remedy);
    }

    /** What an appliance says that has these virtual servers: name, service, name, service. */
    private static StatusReport serving(String... namesAndServices) {
        StatusReport some = Reports.status("lb-1");
        List<StatusReport.VirtualServerLine> lines = new ArrayList<>();
        for (int i = 0; i < namesAndServices.length; i += 2) {
            lines.add(new StatusReport.VirtualServerLine(
                    namesAndServices[i],
                    namesAndServices[i + 1],
                    "rr",
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of(),
                    some.virtualServers().getFirst().pool()));
        }
        return new StatusReport(
                some.schemaVersion(),
                some.node(),
                some.version(),
                some.since(),
                some.kernel(),
                some.reconcile(),
                some.checks(),
                some.packetRules(),
                lines,
                List.of(),
                some.addresses(),
                some.host(),
                some.roles(),
                some.guard());
    }

    @Test
    void saysWhereAnAddressBelongsThatNobodyHas() throws IOException {
        Host host = host(NAT);
        host.addresses = Set.of("127.0.0.1");

        assertThat(finding(host, "virtual-addresses").found())
                .isEqualTo("192.0.2.10: not on this host, and neither in virtual-addresses nor in a virtual router");
    }

    @Test
    void expectsListedAddressesFromARunningApplianceOnly() throws IOException {
        Host host = host(NAT + DUMMY);
        host.addresses = Set.of("127.0.0.1");

        assertThat(finding(host, "virtual-addresses").severity()).isEqualTo(Severity.OK);

        host.status = Optional.of(Reports.status("lb-1"));

        assertThat(finding(host, "virtual-addresses").found())
                .isEqualTo("192.0.2.10: in virtual-addresses, and not on this host");
    }

    private static Finding finding(Host host, String check) {
        return Doctor.examine(host.facts()).stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static HaReport beside(PeerLine peer, @Nullable String refusal, boolean maintenance) {
        HaReport alone = role("backup");
        RouterLine router = alone.routers().getFirst();
        return new HaReport(
                alone.schemaVersion(),
                null,
                true,
                alone.cluster(),
                alone.self(),
                maintenance,
                0,
                0,
                List.of(),
                List.of(new RouterLine(
                        router.name(),
                        router.id(),
                        router.members(),
                        router.role(),
                        router.since(),
                        router.cause(),
                        router.priority(),
                        router.term(),
                        router.takeovers(),
                        router.addresses(),
                        router.failed(),
                        List.of(peer),
                        router.changes(),
                        null)),
                0,
                0,
                new HaReport.Link(
                        true, List.of(new HaReport.LinkLine(peer.address(), true, 9, 9, 0, refusal)), new TreeMap<>()),
                null,
                true);
    }

    private static PeerLine peer(String role) {
        return new PeerLine("192.0.2.1", false, role, 100, 40, 0.1);
    }

    @Test
    void findsAPeerThatIsRefusedOrNotHeard() throws IOException {
        Host host = host(NAT + ROUTER);
        host.addresses = Set.of("127.0.0.1");

        host.election = Optional.of(beside(peer("master"), null, false));
        assertThat(complaints(host.facts())).isEmpty();

        host.election = Optional.of(beside(peer("silent"), null, false));
        assertThat(finding(host, "peers").found()).isEqualTo("nothing is heard of 192.0.2.1");

        host.election = Optional.of(beside(peer("silent"), "of another cluster", false));
        assertThat(complaints(host.facts())).containsExactly("error peers");
        assertThat(finding(host, "peers").found())
                .isEqualTo("what comes from 192.0.2.1 is refused: of another cluster");
    }

    @Test
    void remindsOfMaintenance() throws IOException {
        Host host = host(NAT + ROUTER);
        host.addresses = Set.of("127.0.0.1");
        host.election = Optional.of(beside(peer("master"), null, true));

        assertThat(complaints(host.facts())).containsExactly("warning maintenance");
    }

    @Test
    void remindsOfAReloadThatWaits() throws IOException {
        Host host = host(NAT);
        host.status = Optional.of(Reports.status("lb-1"));

        assertThat(finding(host, "reload").found())
                .isEqualTo("it is taken back at 2026-01-02T03:14:05Z unless confirmed");
    }

    /** What an appliance says that has virtual router {@code outside}. */
    private static HaReport role(String role, String... failing) {
        return new HaReport(
                1,
                null,
                true,
                "fairlead",
                "192.0.2.2",
                false,
                0,
                0,
                List.of(failing),
                List.of(new RouterLine(
                        "outside",
                        51,
                        List.of("outside"),
                        role,
                        "2026-01-02T03:04:05Z",
                        "",
                        100,
                        1,
                        0,
                        List.of("192.0.2.10/24"),
                        List.of(),
                        List.of(),
                        0,
                        null)),
                0,
                0,
                null,
                null,
                true);
    }

    /** On whatever this test runs: nothing there makes the reading fail. */
    @Test
    void readsThisHost() throws IOException {
        Path file = Files.writeString(directory.resolve("fairlead.conf"), NAT);

        HostFacts facts = HostFactsReader.read(file, Optional.empty(), Optional.empty());

        assertThat(facts.config()).isPresent();
        assertThat(facts.programs()).isNotEmpty();
        assertThat(Doctor.examine(facts)).isNotEmpty();
    }
}
