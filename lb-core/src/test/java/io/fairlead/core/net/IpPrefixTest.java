package io.fairlead.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7/24, 198.51.100.0/24, 198.51.100.255",
        "198.51.100.7, 198.51.100.7/32, 198.51.100.7",
        "203.0.113.9/0, 0.0.0.0/0, 255.255.255.255",
        "255.255.255.255/1, 128.0.0.0/1, 255.255.255.255",
        "2001:db8::1/32, 2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::1, 2001:db8::1/128, 2001:db8::1",
        "2001:db8:1:2:3::/64, 2001:db8:1:2::/64, 2001:db8:1:2:ffff:ffff:ffff:ffff",
        "2001:db8::8000:0:0:1/65, 2001:db8:0:0:8000::/65, 2001:db8::ffff:ffff:ffff:ffff",
        "ffff::/0, ::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void clearsTheBitsBehindThePrefix(String text, String canonical, String last) {
        IpPrefix prefix = IpPrefix.parse(text);

        assertThat(prefix).hasToString(canonical).isEqualTo(IpPrefix.parse(canonical));
        assertThat(prefix.last()).isEqualTo(IpAddress.parse(last));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/24",
                "198.51.100.0/33",
                "2001:db8::/129",
                "198.51.100.0/-1",
                "198.51.100.0/",
                "a/8",
                "198.51.100.0/08",
                "198.51.100.0/24/1"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void containsWhatLiesBetweenItsEnds() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            boolean ipv4 = random.nextBoolean();
            IpPrefix prefix = new IpPrefix(address(random, ipv4), random.nextInt(ipv4 ? 33 : 129));
            IpAddress other = random.nextBoolean() ? address(random, ipv4) : prefix.last();

            boolean between = other.compareTo(prefix.address()) >= 0 && other.compareTo(prefix.last()) <= 0;

            assertThat(prefix.contains(other)).as("%s in %s", other, prefix).isEqualTo(between);
        }
    }

    private static IpAddress address(Random random, boolean ipv4) {
        return ipv4
                ? new IpAddress(IpFamily.IPV4, 0, random.nextInt() & 0xffffffffL)
                : new IpAddress(IpFamily.IPV6, random.nextLong(), random.nextLong());
    }

    @Test
    void knowsItsFamily() {
        assertThat(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("2001:db8::1")))
                .isFalse();
        assertThat(IpPrefix.parse("10.0.0.0/8").contains(IpPrefix.parse("10.1.0.0/16")))
                .isTrue();
        assertThat(IpPrefix.parse("10.1.0.0/16").contains(IpPrefix.parse("10.0.0.0/8")))
                .isFalse();
    }
}
