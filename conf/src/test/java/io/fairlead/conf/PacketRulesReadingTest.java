package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.VirtualServerKey.AddressKey;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.core.policy.MarkRange;
import io.fairlead.core.policy.PacketHandling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several ports, source NAT and source ranges, from text to what is followed. */
class PacketRulesReadingTest {

    @TempDir
    private Path folder;

    private FairleadConfig load(String virtualServers) throws IOException {
        Path file = Files.writeString(
                folder.resolve("fairlead.conf"),
                "fairlead { node-name = edge, virtual-servers {\n" + virtualServers + "\n}}");
        return loaded(ConfigFile.load(file));
    }

    private static FairleadConfig loaded(ConfigOutcome outcome) {
        return Outcomes.accepted(outcome);
    }

    @Test
    void severalPortsAreOneVirtualServerWithAMarkOfItsName() throws IOException {
        FairleadConfig config = load("""
            web { address = "2001:db8::10", ports = ["80", "8000-8099"], real-servers = [
              { address = "2001:db8::11" }, { address = "2001:db8::12", port = 8080 }] }
            """);

        ConfiguredVirtualServer web = config.virtualServers().getFirst();
        assertThat(web.spec().key()).isEqualTo(new FwmarkKey(IpFamily.IPV6, MarkRange.DEFAULT.of("web")));
        assertThat(web.destination()).isEqualTo("TCP [2001:db8::10]:80,8000-8099");
        assertThat(web.spec().realServers().getFirst().key().address().port()).isZero();
        assertThat(web.checks()
                        .getFirst()
                        .checks()
                        .getFirst()
                        .target()
                        .address()
                        .port())
                .as("checks the first port")
                .isEqualTo(80);
        assertThat(web.checks().getLast().checks().getFirst().target().address().port())
                .isEqualTo(8080);
    }

    @Test
    void onePortInAListIsAPort() throws IOException {
        ConfiguredVirtualServer web = load("web { address = \"192.0.2.10\", ports = [\"80\"] }")
                .virtualServers()
                .getFirst();

        assertThat(web.spec().key()).isInstanceOf(AddressKey.class).hasToString("TCP 192.0.2.10:80");
        assertThat(web.packets()).isEqualTo(PacketHandling.NONE);
    }

    @Test
    void sourceNatAndSourcesSpeakOfTheAddressThatWasGiven() throws IOException {
        ConfiguredVirtualServer web = load("""
            web { address = "192.0.2.10", port = 80, protocol = udp, source-nat = true, allow-from = ["198.51.100.7", "10.1.2.3/8"] }
            """).virtualServers().getFirst();

        assertThat(web.packets().sourceNat()).isTrue();
        assertThat(web.packets().mark()).isEmpty();
        assertThat(web.packets().destinations()).singleElement().hasToString("UDP 192.0.2.10:80");
        assertThat(web.packets().allowedSources().orElseThrow())
                .containsExactlyInAnyOrder(IpPrefix.parse("198.51.100.7/32"), IpPrefix.parse("10.0.0.0/8"));
    }

    @Test
    void anEmptyListOfSourcesIsNotTheSameAsNone() throws IOException {
        FairleadConfig config = load("""
            closed { address = "192.0.2.10", port = 80, allow-from = [] }
            open { address = "192.0.2.11", port = 80 }
            """);

        assertThat(config.virtualServers().getFirst().packets().allowedSources())
                .hasValueSatisfying(sources -> assertThat(sources).isEmpty());
        assertThat(config.virtualServers().getLast().packets().needsRules()).isFalse();
    }

    @Test
    void theRenderedConfigurationMeansTheSame() throws IOException {
        FairleadConfig config = load("""
            a { address = "192.0.2.10", ports = ["80", "443-444"], source-nat = true, allow-from = ["10.0.0.0/8"]
                real-servers = [{ address = "198.51.100.1" }] }
            b { address = "192.0.2.11", port = 80, allow-from = [] }
            c { fwmark = 7 }
            """);
        Path again = Files.writeString(folder.resolve("again.conf"), ConfigRenderer.render(config));

        assertThat(loaded(ConfigFile.load(again))).isEqualTo(config);
    }

    @Test
    void aChangeThatOverlapsAnotherVirtualServerIsSeenThoughOnlyTheChangeIsRead() throws IOException {
        String one = "fairlead.virtual-servers {\n  a { address = \"192.0.2.10\", ports = [\"80-90\", \"443\"] }\n";
        Path file = Files.writeString(
                folder.resolve("fairlead.conf"), one + "  b { address = \"192.0.2.10\", port = 91 }\n}\n");
        ConfigSource source = new ConfigSource(file);
        assertThat(source.load()).isInstanceOf(ConfigOutcome.Accepted.class);

        Files.writeString(file, one + "  b { address = \"192.0.2.10\", port = 90 }\n}\n");

        assertThat(source.load())
                .isInstanceOfSatisfying(
                        ConfigOutcome.Refused.class,
                        refused -> assertThat(refused.report())
                                .singleElement()
                                .asString()
                                .contains("overlaps TCP 192.0.2.10:80-90"));
    }

    @Test
    void marksStayInTheirRangeAndDependOnTheNameAlone() {
        MarkRange narrow = new MarkRange(100, 199);

        assertThat(MarkRange.DEFAULT.of("web"))
                .isEqualTo(MarkRange.DEFAULT.of("web"))
                .isBetween(0x1000_0000L, 0x1fff_ffffL);
        for (int i = 0; i < 1_000; i++) {
            assertThat(narrow.of("virtual-server-" + i)).isBetween(100L, 199L);
        }
        assertThat(MarkRange.DEFAULT.of("a")).isNotEqualTo(MarkRange.DEFAULT.of("b"));
        assertThat(new MarkRange(1, MarkRange.MARK_MAX).of("web")).isBetween(1L, MarkRange.MARK_MAX);
        // Pinned: another result would give every virtual server of several ports another mark at an upgrade.
        assertThat(MarkRange.DEFAULT.of("web")).isEqualTo(382_926_824L);
    }
}
