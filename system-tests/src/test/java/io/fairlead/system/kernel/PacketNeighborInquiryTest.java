package io.fairlead.system.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.kernel.NeighborInquiry;
import io.fairlead.core.kernel.NeighborInquiry.Question;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.time.Ticker;
import io.fairlead.linux.neighbor.PacketNeighborInquiry;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import io.fairlead.linux.socket.NetworkNamespace;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A host asks its link who has an address. */
@Tag("namespace")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before any test
class PacketNeighborInquiryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Topology topology;
    private NetworkHost asker;
    private NetworkHost gateway;

    @BeforeAll
    void build() {
        assumeTrue(
                Topology.unavailable().isEmpty(), () -> Topology.unavailable().orElseThrow());
        topology = Topology.create();
        Bridge lan = topology.bridge("lan");
        asker = topology.host("asker");
        gateway = topology.host("gateway");
        lan.attach(asker, "192.0.2.1/24", "2001:db8::1/64");
        lan.attach(gateway, "192.0.2.254/24", "2001:db8::fe/64");
        NetworkHost twin = topology.host("twin");
        lan.attach(twin, "192.0.2.254/24");
    }

    @AfterAll
    void close() {
        if (topology != null) {
            topology.close();
        }
    }

    private Map<Question, Set<HardwareAddress>> ask(String... questions) {
        Map<Question, Set<HardwareAddress>> found = new HashMap<>();
        Set<Question> all = Arrays.stream(questions)
                .map(question -> question.split(" ", 2))
                .map(words -> new Question(words[1], IpAddress.parse(words[0])))
                .collect(Collectors.toSet());
        NetworkNamespace.call(Path.of("/run/netns", asker.namespace()), () -> {
            try (RouteNetlinkAddressTable table = RouteNetlinkAddressTable.open()) {
                NeighborInquiry.Host host = new NeighborInquiry.Host(table.readInterfaces(), table.readAddresses());
                new PacketNeighborInquiry(Ticker.system()).ask(all, host, (answers, _) -> {
                    found.putAll(answers);
                    return false;
                });
            }
            return true;
        });
        return found;
    }

    @Test
    void hearsWhoAnswersInBothFamiliesAndNobodyElse() {
        Map<Question, Set<HardwareAddress>> answers =
                ask("192.0.2.254 eth0", "2001:db8::fe eth0", "192.0.2.77 eth0", "2001:db8::77 eth0");

        String hardware = gateway.run("cat", "/sys/class/net/eth0/address")
                .orThrow()
                .out()
                .strip();
        assertThat(answers.keySet())
                .extracting(question -> question.address().toString())
                .containsExactlyInAnyOrder("192.0.2.254", "2001:db8::fe");
        assertThat(answers.values())
                .allSatisfy(by ->
                        assertThat(by).extracting(HardwareAddress::toString).contains(hardware));
    }

    @Test
    void hearsAllWhoAnswerForAnAddress() {
        assertThat(ask("192.0.2.254 eth0").values()).singleElement().matches(by -> by.size() == 2);
    }

    @Test
    void whereNobodyCanBeAskedNobodyAnswers() {
        assertThat(ask("192.0.2.254 nowhere0", "192.0.2.254 lo")).isEmpty();
    }

    @Test
    void asksFromAnAddressOfItsOwnAndLeavesNoDoubtWhoseTheOtherIs() {
        try (Capture capture = gateway.capture("eth0", "-vv", "arp or icmp6")) {
            ask("192.0.2.77 eth0", "2001:db8::77 eth0");

            capture.await("who-has 192\\.0\\.2\\.77( \\(\\S+\\))? tell 192\\.0\\.2\\.1", PATIENCE);
            String solicitation = capture.await("neighbor solicitation.*2001:db8::77", PATIENCE);
            assertThat(solicitation).contains("[icmp6 sum ok]", "fe80::", "> ff02::1:ff00:77");
        }
    }
}
