package io.fairlead.kube.watch;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The API of a cluster, as a kubeconfig says. The library knows kubeconfigs, TLS and every way to prove who we are, and
 * renews tokens; of its models and informers nothing is used, because they would keep every object whole.
 *
 * <p>HTTP/1.1: each watch has a connection of its own, which can be given up without taking the others along.
 */
public final class KubernetesApi implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final String server;

    private KubernetesApi(HttpClient client, String server) {
        this.client = client;
        this.server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    }

    /**
     * Reads who we are and where the API is; connects to nothing yet.
     *
     * @throws IOException if there is no such file, or it is no kubeconfig
     */
    public static KubernetesApi open(Path kubeconfig) throws IOException {
        if (!Files.isReadable(kubeconfig)) {
            throw new IOException("kubeconfig " + kubeconfig + " cannot be read");
        }
        Config config;
        try {
            config = Config.fromKubeconfig(kubeconfig.toFile());
        } catch (RuntimeException e) { // whatever its YAML library throws
            throw new IOException("kubeconfig " + kubeconfig + ": " + e.getMessage(), e);
        }
        config.setRequestRetryBackoffLimit(0); // we know better what to ask again
        config.setConnectionTimeout((int) CONNECT_TIMEOUT.toMillis());
        config.setHttp2Disable(true);
        return new KubernetesApi(new JdkHttpClientFactory().newBuilder(config).build(), config.getMasterUrl());
    }

    /** Returns where it is. */
    public String server() {
        return server;
    }

    /**
     * An answer whose body arrives little by little. To be closed, which gives the connection up.
     *
     * @param retryAfter how long we are asked to wait
     */
    record Answer(int code, Optional<Duration> retryAfter, ArrivingBody body) implements AutoCloseable {
        @Override
        public void close() {
            body.close();
        }

        String text() throws IOException {
            return new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8);
        }
    }

    /**
     * Asks, and returns when the head of the answer is there.
     *
     * @param silence how long nothing may come before the connection counts as dead
     */
    Answer get(String path, Duration silence) throws IOException, InterruptedException {
        return send(
                client.newHttpRequestBuilder()
                        .uri(server + path)
                        .header("Accept", "application/json")
                        .forStreaming()
                        .build(),
                silence);
    }

    /** Changes an object by a merge patch. */
    Answer patch(String path, String json, Duration silence) throws IOException, InterruptedException {
        return send(
                client.newHttpRequestBuilder()
                        .uri(server + path)
                        .patch("application/merge-patch+json", json)
                        .build(),
                silence);
    }

    /** Makes an object. */
    Answer post(String path, String json, Duration silence) throws IOException, InterruptedException {
        return send(
                client.newHttpRequestBuilder()
                        .uri(server + path)
                        .post("application/json", json)
                        .build(),
                silence);
    }

    private Answer send(HttpRequest request, Duration silence) throws IOException, InterruptedException {
        ArrivingBody body = new ArrivingBody(silence);
        CompletableFuture<HttpResponse<AsyncBody>> sent =
                client.consumeBytes(request, (List<ByteBuffer> buffers, AsyncBody async) -> body.arrived(buffers));
        try {
            HttpResponse<AsyncBody> response = sent.get(silence.toMillis(), TimeUnit.MILLISECONDS);
            body.follow(response.body());
            return new Answer(response.code(), retryAfter(response.header("Retry-After")), body);
        } catch (TimeoutException e) {
            sent.cancel(true);
            CompletableFuture<Void> _ = sent.thenAccept(late -> late.body().cancel()); // it came in the very moment
            throw new IOException(request.uri() + ": no answer within " + silence, e);
        } catch (ExecutionException e) {
            throw new IOException(request.uri() + ": " + e.getCause(), e.getCause());
        }
    }

    /** Returns how long we are asked to wait, an hour at the most, by the value of that header. */
    static Optional<Duration> retryAfter(@Nullable String header) {
        try {
            return Optional.ofNullable(header)
                    .map(text -> Duration.ofSeconds(Math.clamp(Long.parseLong(text.strip()), 0, 3600)));
        } catch (NumberFormatException e) {
            return Optional.empty(); // a date, which no API server sends
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
