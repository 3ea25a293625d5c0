package io.fairlead.appliance.metrics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.ServerAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MetricsServerTest {

    private static final ServerAddress ANY_PORT = ServerAddress.parse("127.0.0.1:0");
    private static final int LARGE = 20_000_000;

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean wasCutOff = new AtomicBoolean();
    private MetricsServer server;

    private final Site site = path -> switch (path) {
        case "/metrics" -> Optional.of(accept -> Content.text("all is well, " + accept));
        case "/large" ->
            Optional.of(_ -> new Content("text/plain", List.of(), out -> {
                try {
                    for (int i = 0; i < LARGE / 10; i++) {
                        out.write("123456789\n");
                    }
                } catch (IOException e) {
                    wasCutOff.set(true);
                    throw e;
                }
            }));
        case "/slow" ->
            Optional.of(_ -> {
                release.await();
                return Content.text("at last");
            });
        case "/broken" ->
            Optional.of(_ -> {
                throw new IllegalStateException("the control loop is 256 requests behind");
            });
        default -> Optional.empty();
    };

    @BeforeEach
    void start() throws IOException {
        server = MetricsServer.start(site, ANY_PORT);
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    private HttpResponse<byte[]> ask(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    /** Sends bytes as they are and returns everything that comes back. */
    private String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void answersWithThePageAndEndsTheConnection() throws Exception {
        HttpResponse<byte[]> response = ask("GET", "/metrics?name=any", "Accept", "text/plain");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body(), UTF_8)).isEqualTo("all is well, text/plain\n");
        assertThat(response.headers().map())
                .containsEntry("connection", List.of("close"))
                .containsEntry("cache-control", List.of("no-store"))
                .containsEntry("content-type", List.of("text/plain; charset=utf-8"));
    }

    @ParameterizedTest
    @CsvSource({"GET, /, 404", "GET, /metrics/, 404", "POST, /metrics, 405", "DELETE, /metrics, 405", "POST, /x, 404"})
    void refusesWhatIsNotThereOrChangesSomething(String method, String path, int status) throws Exception {
        HttpResponse<byte[]> response = ask(method, path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Allow"))
                .isEqualTo(status == 405 ? Optional.of("GET, HEAD") : Optional.empty());
    }

    @Test
    void tellsOnlyTheHeadToHead() throws Exception {
        String answer = exchange("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n")
                .doesNotContain("all is well");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"gzip|true", "deflate, gzip;q=0.5|true", "gzip;q=0|false", "identity|false"})
    void packsForThoseWhoUnpack(String acceptEncoding, boolean isPacked) throws Exception {
        HttpResponse<byte[]> response = ask("GET", "/large", "Accept-Encoding", acceptEncoding);

        assertThat(response.headers().firstValue("Content-Encoding"))
                .isEqualTo(isPacked ? Optional.of("gzip") : Optional.empty());
        InputStream body = new ByteArrayInputStream(response.body());
        assertThat((isPacked ? new GZIPInputStream(body) : body).readAllBytes()).hasSize(LARGE);
    }

    @Test
    void sendsNoChunksToAClientThatKnowsNone() throws Exception {
        String answer = exchange("GET /metrics HTTP/1.0\r\n\r\n");

        assertThat(answer).doesNotContainIgnoringCase("transfer-encoding").endsWith("\r\n\r\nall is well, \n");
    }

    @ParameterizedTest
    @CsvSource({"nonsense, 400", "GET / HTTP/x, 400"})
    void refusesWhatIsNoRequest(String line, int status) throws Exception {
        assertThat(exchange(line + "\r\n\r\n")).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void refusesALineOrABodyThatIsTooLong() throws Exception {
        assertThat(exchange("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 4");
        assertThat(exchange("GET /metrics HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void answersOnlyTheFirstOfSeveralRequests() throws Exception {
        String request = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

        assertThat(exchange(request + request + request).split("all is well", -1))
                .hasSize(2);
    }

    @Test
    void saysWhatItCannotGather() throws Exception {
        HttpResponse<byte[]> response = ask("GET", "/broken");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(new String(response.body(), UTF_8)).isEqualTo("the control loop is 256 requests behind\n");
    }

    @Test
    void turnsAwayWhatWouldTakeTooMuchMemoryAtOnce() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            socket.getOutputStream().write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            waiting.add(socket);
        }
        // Each request is handled in its turn by one loop, so that those four have been when this one is.
        HttpResponse<byte[]> fifth = ask("GET", "/metrics");
        while (fifth.statusCode() == 200) {
            fifth = ask("GET", "/metrics"); // one of the four had not arrived yet
        }
        release.countDown();

        assertThat(fifth.statusCode()).isEqualTo(503);
        for (Socket socket : waiting) {
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains("at last");
            socket.close();
        }
    }

    @Test
    void closesMoreConnectionsThanItServes() throws Exception {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            idle.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        }
        int closed = 0;
        for (Socket socket : idle.subList(32, 40)) {
            closed += socket.getInputStream().read() < 0 ? 1 : 0;
        }
        for (Socket socket : idle) {
            socket.close();
        }

        assertThat(closed).isEqualTo(8);
    }

    @Test
    void stopsWritingWhenTheReaderHasGone() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        while (!wasCutOff.get()) {
            Thread.sleep(10);
        }
        assertThat(ask("GET", "/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhereItCannotListen() {
        ServerAddress taken = ServerAddress.parse("127.0.0.1:" + server.port());

        assertThatThrownBy(() -> MetricsServer.start(site, taken))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("metrics: cannot listen on " + taken + ": ")
                .hasMessageContaining("Address already in use");
    }
}
