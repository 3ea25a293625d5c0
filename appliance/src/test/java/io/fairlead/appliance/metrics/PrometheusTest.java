package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.fairlead.core.net.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus asks our server, and answers questions about what it was told. */
@Timeout(120)
class PrometheusTest {

    private static final Path PROGRAM = Path.of("/usr/bin/prometheus");

    private static final int STARTS_MAX = 5;

    @Test
    void knowsWhatItWasTold(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PROGRAM), "needs Debian's package prometheus: build/install-tools --servers");
        Site site = path -> path.equals("/metrics")
                ? Optional.of(accept -> MetricsText.of(Scrapes.typical(), accept))
                : Optional.empty();
        try (MetricsServer server = MetricsServer.start(site, ServerAddress.parse("127.0.0.1:0"))) {
            Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
                global: { scrape_interval: 5s, scrape_timeout: 5s }
                scrape_configs: [{ job_name: fairlead, static_configs: [{ targets: ["127.0.0.1:%d"] }] }]
                """.formatted(server.port()));
            try (Prometheus prometheus = Prometheus.start(configuration, directory)) {
                int port = prometheus.port();
                assertThat(await(port, "fairlead_virtual_server_incoming_bytes_total{virtual_server=\"shop\"}"))
                        .isEqualTo("5000000000");
                assertThat(await(port, "up{job=\"fairlead\"} == 1")).isEqualTo("1");
                assertThat(await(port, "histogram_quantile(0.5, fairlead_reconcile_duration_seconds_bucket)"))
                        .startsWith("0.00");
                assertThat(await(port, "count({__name__=~\"fairlead_.*\"}) > 100"))
                        .isNotEmpty();
            }
        }
    }

    private record Prometheus(Process process, int port) implements AutoCloseable {

        /** Starts it on a port that was free a moment ago; where somebody took that meanwhile, it ends, and gets another. */
        static Prometheus start(Path configuration, Path directory) throws IOException, InterruptedException {
            Path log = directory.resolve("log");
            for (int i = 0; i < STARTS_MAX; i++) {
                int port = freePort();
                Process process = new ProcessBuilder(
                                PROGRAM.toString(),
                                "--config.file=" + configuration,
                                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                                "--web.listen-address=127.0.0.1:" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                try {
                    // Its log tells, as who answers at the port may be somebody else.
                    while (process.isAlive()) {
                        if (Files.readString(log).contains("Server is ready to receive web requests")) {
                            return new Prometheus(process, port);
                        }
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    process.destroyForcibly();
                    throw e;
                }
            }
            throw new IOException("prometheus does not start: " + Files.readString(log));
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }

    /** Asks again until there is a value; the time-out of the test is the limit. */
    private static String await(int port, String query) throws InterruptedException {
        URI uri = URI.create(
                "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        JsonArray result = JsonParser.parseString(answer.body())
                                .getAsJsonObject()
                                .getAsJsonObject("data")
                                .getAsJsonArray("result");
                        if (!result.isEmpty()) {
                            return result.get(0)
                                    .getAsJsonObject()
                                    .getAsJsonArray("value")
                                    .get(1)
                                    .getAsString();
                        }
                    }
                } catch (IOException e) {
                    // It is not there yet.
                }
                Thread.sleep(200);
            }
        }
    }
}
