package io.fairlead.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.VirtualServerKey.FwmarkKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckPathTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.11,     DIRECT_ROUTE, 2a00000b",
        "198.51.100.1,  DIRECT_ROUTE, 26336401",
        "10.0.0.11,     TUNNEL,       3a00000b",
        "2001:db8::1,   DIRECT_ROUTE, 24a80797",
    })
    void aMarkComesFromTheAddressAndTheForwarding(String address, ForwardingMethod forwarding, String mark) {
        assertThat(Long.toHexString(CheckPath.markOf(IpAddress.parse(address), forwarding)))
                .isEqualTo(mark);
    }

    @Test
    void neighboursHaveDifferentMarks() {
        Set<Long> marks = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            marks.add(CheckPath.markOf(
                    IpAddress.parse("2001:db8::" + Integer.toHexString(i)), ForwardingMethod.DIRECT_ROUTE));
            marks.add(CheckPath.markOf(
                    IpAddress.parse("10.1." + i / 256 + "." + i % 256), ForwardingMethod.DIRECT_ROUTE));
        }
        assertThat(marks).hasSize(2000);
    }

    @Test
    void onlyWhereRealServersHaveTheVirtualAddress() {
        assertThat(CheckPath.exists(ForwardingMethod.DIRECT_ROUTE)).isTrue();
        assertThat(CheckPath.exists(ForwardingMethod.TUNNEL)).isTrue();
        assertThat(CheckPath.exists(ForwardingMethod.MASQUERADE)).isFalse();
        assertThat(CheckPath.exists(ForwardingMethod.LOCAL)).isFalse();
    }

    @Test
    void isAVirtualServerOfOneRealServerThatKeepsNoDatagramsConnectionAndLeavesAtOnce() {
        VirtualServerSpec spec =
                CheckPath.virtualServer(IpFamily.IPV6, IpAddress.parse("198.51.100.7"), ForwardingMethod.TUNNEL, 77);

        assertThat(spec.key()).isEqualTo(new FwmarkKey(IpFamily.IPV6, 77));
        assertThat(spec.virtualServer().onePacketScheduling()).isTrue();
        assertThat(spec.policy().drainTimeout()).isEqualTo(Duration.ZERO);
        assertThat(spec.realServers()).singleElement().satisfies(only -> {
            RealServer realServer = only.realServer();
            assertThat(realServer.key()).hasToString("198.51.100.7:0");
            assertThat(realServer.forwarding()).isEqualTo(ForwardingMethod.TUNNEL);
            assertThat(realServer.weight()).isEqualTo(1);
        });
    }
}
