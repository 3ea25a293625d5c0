package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.announce.AnnouncementSpec;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtualAddressReadingTest {

    @TempDir
    Path directory;

    private FairleadConfig accepted(String text) throws IOException {
        return Outcomes.accepted(ConfigFile.load(Files.writeString(directory.resolve("fairlead.conf"), text)));
    }

    private static InterfaceAddressKey key(String interfaceName, String address, int prefixLength) {
        return new InterfaceAddressKey(interfaceName, IpAddress.parse(address), prefixLength);
    }

    @Test
    void thereAreNoneByDefault() throws IOException {
        assertThat(accepted("").host()).isEqualTo(HostConfig.NONE);
    }

    @Test
    void takesDefaults() throws IOException {
        FairleadConfig config = accepted("""
            fairlead.virtual-addresses.public { interface = eth0, addresses = ["192.0.2.10", "2001:db8::10"] }
            """);

        assertThat(config.host().virtualAddresses())
                .containsExactly(new VirtualAddressSpec(
                        "public",
                        "eth0",
                        false,
                        List.of(
                                new InterfaceAddress(key("eth0", "192.0.2.10", 32), Optional.empty()),
                                new InterfaceAddress(key("eth0", "2001:db8::10", 128), Optional.empty())),
                        false,
                        AnnouncementSpec.DEFAULT));
    }

    @Test
    void takesWhatIsSet() throws IOException {
        FairleadConfig config = accepted(EVERYTHING);

        assertThat(config.host().virtualAddresses())
                .containsExactly(new VirtualAddressSpec(
                        "inside",
                        "vip0",
                        true,
                        List.of(
                                new InterfaceAddress(
                                        key("vip0", "192.0.2.10", 24),
                                        Optional.empty(),
                                        AddressScope.LINK,
                                        Optional.of("vip0:1")),
                                new InterfaceAddress(key("vip0", "2001:db8::10", 64), Optional.empty())),
                        true,
                        new AnnouncementSpec(AnnouncementSpec.DEFAULT.repeats(), Optional.of(Duration.ofMinutes(1)))));
    }

    private static final String EVERYTHING = """
        fairlead.virtual-addresses.inside {
          interface = vip0, dummy = true, addresses = ["192.0.2.10/24", "2001:db8::10/64"]
          scope = link, label = "vip0:1", on-stop = remove, announcement-refresh = 1m
        }
        """;

    @Test
    void whatIsShownMeansTheSame() throws IOException {
        FairleadConfig config = accepted(EVERYTHING);

        assertThat(accepted(ConfigRenderer.render(config))).isEqualTo(config);
    }
}
