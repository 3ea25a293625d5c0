package io.fairlead.health.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.core.net.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeSpecTest {

    private static final List<StatusRange> OK = List.of(new StatusRange(200, 299));

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/\r\nX: y", "/\u00e9", "/\u0000"})
    void refusesAPathThatCouldEndTheRequestLine(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpProbeSpec("GET", path, Optional.empty(), OK))
                .withMessageStartingWith("path \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nX: y"})
    void refusesAHostThatCouldEndItsHeader(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpProbeSpec("GET", "/", Optional.of(host), OK))
                .withMessageStartingWith("host \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "get", "GET /", "CONNECT"})
    void refusesAMethodThatIsNone(String method) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpProbeSpec(method, "/", Optional.empty(), OK))
                .withMessageStartingWith("method \"");
    }

    @Test
    void refusesPortZeroWhereSomethingIsAsked() {
        CheckSpec spec = new CheckSpec(new TcpProbeSpec(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckTarget(ServerAddress.parse("192.0.2.1:0"), spec))
                .withMessage("tcp check of 192.0.2.1:0: port 0 (expected: 1..65535, or no check)");
    }

    @Test
    void statusRangeIncludesBothEnds() {
        StatusRange range = new StatusRange(200, 204);

        assertThat(List.of(199, 200, 204, 205).stream().map(range::contains)).containsExactly(false, true, true, false);
    }
}
