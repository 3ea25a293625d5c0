package io.fairlead.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:80, 192.0.2.1, 80, 192.0.2.1:80",
        "192.0.2.1:0, 192.0.2.1, 0, 192.0.2.1:0",
        "192.0.2.1:65535, 192.0.2.1, 65535, 192.0.2.1:65535",
        "[2001:db8::1]:443, 2001:db8::1, 443, [2001:db8::1]:443",
        "[2001:DB8:0::1]:443, 2001:db8::1, 443, [2001:db8::1]:443",
        "[::ffff:192.0.2.1]:443, ::ffff:192.0.2.1, 443, [::ffff:192.0.2.1]:443",
    })
    void parsesAndPrintsAddressAndPort(String text, String address, int port, String canonical) {
        ServerAddress parsed = ServerAddress.parse(text);

        assertThat(parsed).isEqualTo(new ServerAddress(IpAddress.parse(address), port));
        assertThat(parsed).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "80",
                "192.0.2.1",
                "192.0.2.1:",
                "192.0.2.1:http",
                "192.0.2.1:-1",
                "192.0.2.1:+80",
                "192.0.2.1:-0",
                "192.0.2.1:080",
                "192.0.2.1: 80",
                "192.0.2.1:80 ",
                "192.0.2.1:\u0668\u0660",
                "192.0.2.1:65536",
                "192.0.2.1:4294967376",
                "192.0.2.1 :80",
                "[192.0.2.1]:80",
                "localhost:80",
                "www.example.org:80",
                "10.1:80",
                "010.0.0.1:80",
                "2001:db8::1",
                "2001:db8::1:80",
                "[2001:db8::1]",
                "[2001:db8::1]80",
                "[2001:db8::1:80",
                "2001:db8::1]:80",
                "[[2001:db8::1]]:80",
                "[]:80",
                "[fe80::1%eth0]:80",
            })
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(text))
                .withMessageContaining("(expected: ");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse("192.0.2.1"))
                .withMessage("\"192.0.2.1\" has no port (expected: ADDRESS:PORT or [ADDRESS]:PORT)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse("2001:db8::1:80"))
                .withMessage("\"2001:db8::1:80\" is ambiguous (expected: [ADDRESS]:PORT for IPv6)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse("192.0.2.1:65536"))
                .withMessage("port 65536 (expected: 0..65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse("192.0.2.1:http"))
                .withMessage("\"192.0.2.1:http\" has no port (expected: 0..65535 after the last colon)");
    }

    @Test
    void ordersByAddressThenByPort() {
        List<ServerAddress> ordered = Stream.of(
                        "192.0.2.1:9",
                        "192.0.2.1:80",
                        "192.0.2.1:443",
                        "192.0.2.2:1",
                        "198.51.100.1:1",
                        "[2001:db8::1]:9",
                        "[2001:db8::1]:80",
                        "[2001:db8::2]:1")
                .map(ServerAddress::parse)
                .toList();

        assertThat(ordered.reversed().stream().sorted()).containsExactlyElementsOf(ordered);
    }
}
