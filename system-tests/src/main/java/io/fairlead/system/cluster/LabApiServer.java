package io.fairlead.system.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fairlead.system.cluster.ApiServer.Resource;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * An {@link ApiServer} as a process of its own, with a second port through which a scenario changes what the cluster holds.
 * Arguments: {@code ADDRESS PORT}. Prints {@code listening} when ready.
 *
 * <p>On port {@code PORT + 1}: {@code POST /put/services} with an object, {@code POST /delete/services/NAMESPACE/NAME},
 * {@code GET /get/services/NAMESPACE/NAME}, {@code GET /writers}, {@code POST /stop}, {@code POST /restart}.
 */
public final class LabApiServer {

    private final ApiServer api;

    private LabApiServer(ApiServer api) {
        this.api = api;
    }

    /** Starts one on a host. It needs a library, so more than {@link NetworkHost#startJava} gives. */
    public static RunningProcess startOn(NetworkHost host, String address, int port) {
        return host.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                LabApiServer.class.getName(),
                address,
                Integer.toString(port));
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("expected: ADDRESS PORT");
        }
        int port = Integer.parseInt(arguments[1]);
        LabApiServer lab = new LabApiServer(ApiServer.start(arguments[0], port));
        HttpServer control = HttpServer.create(new InetSocketAddress(arguments[0], port + 1), 0);
        control.createContext("/", lab::answer);
        control.start();
        System.out.println("listening " + arguments[0] + ":" + port);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/", -1);
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String answer = "";
            switch (path[1]) {
                case "put" -> api.put(resource(path[2]), body);
                case "delete" -> api.delete(resource(path[2]), path[3], path[4]);
                case "get" ->
                    answer = api.find(resource(path[2]), path[3], path[4])
                            .map(Object::toString)
                            .orElse("");
                case "writers" -> answer = api.writers().toString();
                case "stop" -> api.stop();
                case "restart" -> api.restart();
                default -> throw new IllegalArgumentException(path[1]);
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    private static Resource resource(String name) {
        return Resource.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
