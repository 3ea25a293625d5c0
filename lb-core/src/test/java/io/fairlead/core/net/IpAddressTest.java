package io.fairlead.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    private static final int ROUND_TRIPS = 5_000;

    @Nested
    class Parses {

        @ParameterizedTest
        @CsvSource({
            "0.0.0.0, 0",
            "192.0.2.1, c0000201",
            "198.51.100.255, c63364ff",
            "255.255.255.255, ffffffff",
        })
        void ipv4AsFourDecimalParts(String literal, String hex) {
            assertThat(IpAddress.parse(literal))
                    .isEqualTo(new IpAddress(IpFamily.IPV4, 0, Long.parseUnsignedLong(hex, 16)));
        }

        @ParameterizedTest
        @CsvSource({
            "::, 0, 0",
            "::1, 0, 1",
            "2001:db8::1, 20010db800000000, 1",
            "2001:DB8::A, 20010db800000000, a",
            "2001:0db8:0000:0000:0000:0000:0000:0001, 20010db800000000, 1",
            "2001:db8:1:2:3:4:5:6, 20010db800010002, 3000400050006",
            "2001:db8:1:2:3:4:5::, 20010db800010002, 3000400050000",
            "::2:3:4:5:6:7:8, 0000000200030004, 5000600070008",
            "2001:db8::192.0.2.1, 20010db800000000, c0000201",
            "::192.0.2.1, 0, c0000201",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffffffffffffffff, ffffffffffffffff",
        })
        void ipv6InEveryFormOfRfc4291(String literal, String high, String low) {
            assertThat(IpAddress.parse(literal))
                    .isEqualTo(new IpAddress(
                            IpFamily.IPV6, Long.parseUnsignedLong(high, 16), Long.parseUnsignedLong(low, 16)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"::ffff:192.0.2.1", "::ffff:c000:201", "0:0:0:0:0:ffff:192.0.2.1"})
        void anIpv4MappedLiteralAsIpv6(String literal) {
            assertThat(IpAddress.parse(literal)).isEqualTo(new IpAddress(IpFamily.IPV6, 0, 0xffff_c000_0201L));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "1",
                    "10.1",
                    "192.0.2",
                    "192.0.2.1.1",
                    "192.0.2.",
                    ".192.0.2",
                    "192.0..1",
                    "010.0.0.1",
                    "192.0.2.01",
                    "192.0.2.256",
                    "192.0.2.1000",
                    "192.0.2.-1",
                    "192.0.2.+1",
                    "192.0.2.0x1",
                    "192.0.2.1 ",
                    " 192.0.2.1",
                    "192.0.2.1/32",
                    "192.0.2.\u0661",
                    "localhost",
                    "www.example.org",
                    "a.b.c.d",
                    "[2001:db8::1]",
                    "2001:db8::1]",
                    "fe80::1%eth0",
                    "fe80::1%1",
                    "::192.0.2.1%eth0",
                    ":",
                    ":::",
                    "2001:db8::1::2",
                    "2001:db8:1",
                    "1:2:3:4:5:6:7:8:9",
                    "1:2:3:4:5:6:7:8::",
                    "::1:2:3:4:5:6:7:8",
                    "1:2:3:4:5:6:7:",
                    ":2:3:4:5:6:7:8",
                    "2001:db8::12345",
                    "2001:db8::g",
                    "2001:db8:: 1",
                    " 2001:db8::1",
                    "2001:db8::1 ",
                    "2001:db8::-1",
                    "2001:db8::+1",
                    "2001:db8::1/128",
                    ":192.0.2.1",
                    "192.0.2.1::",
                    "192.0.2.1:80",
                    "::192.0.2",
                    "::192.0.2.010",
                    "1:2:3:4:5:6:7:192.0.2.1",
                    "::192.0.2.1:1",
                    "::192.0.2.1:192.0.2.1",
                })
        void nothingElse(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> IpAddress.parse(text))
                    .withMessage(
                            "\"%s\" is not an IP address (expected: a literal such as 192.0.2.1 or 2001:db8::1)", text);
        }
    }

    @Nested
    class Prints {

        @ParameterizedTest
        @CsvSource({
            "0.0.0.0, 0.0.0.0",
            "192.0.2.1, 192.0.2.1",
            "255.255.255.255, 255.255.255.255",
            // RFC 5952 §4.1: no leading zeros; §4.3: lower case
            "2001:0DB8::000A, 2001:db8::a",
            // §4.2.1: as short as possible
            "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
            // §4.2.2: one field alone is not shortened
            "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
            "0:1:2:3:4:5:6:7, 0:1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
            // §4.2.3: the longest run, the first of equals
            "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
            "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
            "0:0:1:0:0:0:0:1, 0:0:1::1",
            "0:0:0:0:0:0:0:0, ::",
            "0:0:0:0:0:0:0:1, ::1",
            "1:0:0:0:0:0:0:0, 1::",
            // §5: the dotted form where the prefix is known to hold an IPv4 address, and only there
            "::ffff:c000:201, ::ffff:192.0.2.1",
            "::fffe:192.0.2.1, ::fffe:c000:201",
            "1::ffff:192.0.2.1, 1::ffff:c000:201",
            "2001:db8::192.0.2.1, 2001:db8::c000:201",
        })
        void theCanonicalForm(String literal, String canonical) {
            assertThat(IpAddress.parse(literal)).hasToString(canonical);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsPrintedParsesToTheSameAddress(long seed) {
        RandomGenerator random = random(seed);

        for (int i = 0; i < ROUND_TRIPS; i++) {
            IpAddress address = randomAddress(random);

            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void whatIsPrintedIsShortestForEveryPlaceOfZeros(long seed) {
        RandomGenerator random = random(seed);

        for (int i = 0; i < ROUND_TRIPS; i++) {
            IpAddress address = randomAddress(random);
            String text = address.toString();

            assertThat(text).doesNotContain(":::").isEqualTo(text.toLowerCase(Locale.ROOT));
            if (text.contains("::")) {
                assertThat(text.indexOf("::")).isEqualTo(text.lastIndexOf("::"));
            } else {
                assertThat(text).doesNotContain(":0:0:");
            }
        }
    }

    /** Mostly zero fields, so that every run of zeros occurs. */
    private static IpAddress randomAddress(RandomGenerator random) {
        if (random.nextInt(4) == 0) {
            return new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(random.nextInt()));
        }
        long high = random.nextLong();
        long low = random.nextLong();
        for (int shift = 0; shift < 64; shift += 16) {
            high = random.nextBoolean() ? high & ~(0xffffL << shift) : high;
            low = random.nextBoolean() ? low & ~(0xffffL << shift) : low;
        }
        return new IpAddress(IpFamily.IPV6, high, low);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Test
    void ordersByFamilyThenByUnsignedValue() {
        List<IpAddress> ordered = Stream.of(
                        "0.0.0.0",
                        "9.0.0.1",
                        "127.255.255.255",
                        "192.0.2.2",
                        "192.0.2.10",
                        "255.255.255.255",
                        "::",
                        "::7fff:ffff:ffff:ffff",
                        "::8000:0:0:0",
                        "2001:db8::2",
                        "2001:db8::10",
                        "8000::",
                        "ffff::")
                .map(IpAddress::parse)
                .toList();

        assertThat(ordered.reversed().stream().sorted()).containsExactlyElementsOf(ordered);
        assertThat(IpAddress.parse("192.0.2.1")).isEqualByComparingTo(IpAddress.parse("192.0.2.1"));
    }

    @Test
    void refusesBytesThatAreNoAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.ofBytes(new byte[5]))
                .withMessage("address of 5 bytes (expected: 4 or 16)");
    }

    @Test
    void refusesAnIpv4AddressOfMoreThan32Bits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(IpFamily.IPV4, 0, 1L << 32));
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(IpFamily.IPV4, 1, 0));
    }

    @Test
    void isTheSameAddressForSockets() throws UnknownHostException {
        assertThat(IpAddress.parse("192.0.2.1").toInetAddress())
                .isEqualTo(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}));
        assertThat(IpAddress.parse("2001:db8::1").toInetAddress().getHostAddress())
                .isEqualTo("2001:db8:0:0:0:0:0:1");
    }
}
