package io.fairlead.linux.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.kernel.NeighborInquiry.Question;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuestionSourceTest {

    private static InterfaceAddressStatus address(String interfaceName, String address, int prefixLength, int seconds) {
        return new InterfaceAddressStatus(
                new InterfaceAddressKey(interfaceName, IpAddress.parse(address), prefixLength),
                seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)),
                0,
                true,
                AddressScope.GLOBAL,
                Optional.empty());
    }

    private static String source(String asked, InterfaceAddressStatus... ours) {
        return QuestionSource.of(new Question("eth0", IpAddress.parse(asked)), List.of(ours))
                .toString();
    }

    @Test
    void isTheAddressInTheSubnetOfTheOneThatIsAsked() {
        assertThat(source(
                        "192.0.2.254",
                        address("eth0", "198.51.100.1", 24, 0),
                        address("eth1", "192.0.2.3", 24, 0),
                        address("eth0", "192.0.2.1", 24, 0)))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void isThatOfTheLinkWithIpv6() {
        assertThat(source("2001:db8::fe", address("eth0", "2001:db8::1", 64, 0), address("eth0", "fe80::1", 64, 0)))
                .isEqualTo("fe80::1");
    }

    @Test
    void isNoneThatTheKernelWillRemoveNorTheOneAskedFor() {
        assertThat(source("192.0.2.254", address("eth0", "192.0.2.10", 24, 4))).isEqualTo("0.0.0.0");
        assertThat(source("2001:db8::1", address("eth0", "2001:db8::1", 64, 0))).isEqualTo("::");
    }
}
