package io.fairlead.system.cluster;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Plays the API server of a cluster: lists by pages, watches with bookmarks, watch-lists, versions that grow and expire,
 * merge patches of the status with conflicts, finalizers, Events. Its answers are those seen of a kube-apiserver 1.36.
 *
 * <p>It can be made to misbehave. All methods are for any thread.
 */
public final class ApiServer implements AutoCloseable {

    private static final Gson GSON = new Gson();
    private static final Duration BOOKMARK_INTERVAL = Duration.ofSeconds(5);

    /** How the API calls the resources that are served. */
    public enum Resource {
        SERVICES("/api/v1/", "services", "Service", "v1"),
        NODES("/api/v1/", "nodes", "Node", "v1"),
        ENDPOINT_SLICES("/apis/discovery.k8s.io/v1/", "endpointslices", "EndpointSlice", "discovery.k8s.io/v1");

        private final String group;
        private final String plural;
        private final String kind;
        private final String version;

        Resource(String group, String plural, String kind, String version) {
            this.group = group;
            this.plural = plural;
            this.kind = kind;
            this.version = version;
        }
    }

    private record Event(long version, String type, String object) {}

    private final Map<Resource, SortedMap<String, JsonObject>> objects = new HashMap<>();
    private final Map<Resource, List<Event>> history = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private final Map<String, Integer> requests = new HashMap<>();
    private final Map<String, Integer> writers = new TreeMap<>();
    private long version = 100;
    private long oldestWatchable = 100;
    private long uids;
    private boolean streamsLists = true;
    private @Nullable String refusal;
    private int refusalCode;
    private int writeRefusalCode;
    private int epoch;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable HttpServer server;
    private final InetSocketAddress address;

    private ApiServer(InetSocketAddress address) throws IOException {
        for (Resource resource : Resource.values()) {
            objects.put(resource, new TreeMap<>());
            history.put(resource, new ArrayList<>());
        }
        HttpServer first = listen(address);
        this.server = first;
        this.address = first.getAddress();
    }

    /** Starts one on the loopback address. */
    public static ApiServer start() throws IOException {
        return new ApiServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Starts one there. */
    public static ApiServer start(String host, int port) throws IOException {
        return new ApiServer(new InetSocketAddress(host, port));
    }

    private HttpServer listen(InetSocketAddress where) throws IOException {
        HttpServer listening = HttpServer.create(where, 0);
        listening.createContext("/", this::answer);
        listening.setExecutor(threads);
        listening.start();
        return listening;
    }

    /** Writes how to reach it. */
    public Path kubeconfig(Path file) throws IOException {
        return Files.writeString(file, """
            apiVersion: v1
            kind: Config
            clusters: [{name: lab, cluster: {server: "http://%s:%d"}}]
            users: [{name: fairlead, user: {token: secret}}]
            contexts: [{name: lab, context: {cluster: lab, user: fairlead}}]
            current-context: lab
            """.formatted(address.getAddress().getHostAddress(), address.getPort()));
    }

    /** Is away from now on: refuses connections, and ends those that are. */
    public synchronized void stop() {
        epoch++;
        notifyAll();
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /** Is there again on the same port, and as after a restart refuses every version of before. */
    public synchronized void restart() throws IOException {
        oldestWatchable = ++version;
        server = listen(address);
    }

    /** Ends all watches in the middle of a line. */
    public synchronized void breakWatches() {
        epoch++;
        notifyAll();
    }

    /** Has forgotten what happened until now, so that watches from before are refused with 410. */
    public synchronized void forget() {
        oldestWatchable = version;
    }

    /** Refuses to send lists as streams, as before 1.34. */
    public synchronized void withoutWatchList() {
        streamsLists = false;
    }

    /** Answers everything with this until {@link #behave}. */
    public synchronized void refuse(int code, String body) {
        refusalCode = code;
        refusal = body;
        breakWatches();
    }

    /** Answers every patch with this until {@link #behave}. */
    public synchronized void refuseWrites(int code) {
        writeRefusalCode = code;
    }

    /** Is as it should be again. */
    public synchronized void behave() {
        writeRefusalCode = 0;
        refusal = null;
    }

    /** Returns how many requests there were whose line begins with {@code start}, such as {@code GET /api/v1/services?watch}. */
    public synchronized int requests(String start) {
        return requests.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(start))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Returns the line of every request, each once. */
    public synchronized Set<String> requestLines() {
        return Set.copyOf(requests.keySet());
    }

    /** Returns how many patches there were, by the token of whoever sent them. */
    public synchronized Map<String, Integer> writers() {
        return new TreeMap<>(writers);
    }

    /** Returns the Events that were written, as JSON. */
    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** Returns the object as it is, if it is there. */
    public synchronized Optional<JsonObject> find(Resource resource, String namespace, String name) {
        return Optional.ofNullable(objectsOf(resource).get(key(namespace, name)));
    }

    /** Makes or replaces an object given as JSON; the version, and the UID of a new one, are the server's. */
    public synchronized void put(Resource resource, String json) {
        JsonObject object = JsonParser.parseString(json).getAsJsonObject();
        JsonObject metadata = object.getAsJsonObject("metadata");
        String key = key(text(metadata, "namespace"), text(metadata, "name"));
        JsonObject before = objectsOf(resource).get(key);
        metadata.addProperty("resourceVersion", Long.toString(++version));
        if (before == null) {
            metadata.addProperty("uid", "uid-" + ++uids);
            metadata.addProperty("creationTimestamp", "2026-01-01T00:00:%02dZ".formatted(uids % 60));
        } else {
            JsonObject was = before.getAsJsonObject("metadata");
            for (String kept : List.of("uid", "creationTimestamp", "finalizers")) {
                if (was.has(kept)) {
                    metadata.add(kept, was.get(kept));
                }
            }
            if (before.has("status") && !object.has("status")) {
                object.add("status", before.get("status"));
            }
        }
        object.addProperty("kind", resource.kind);
        object.addProperty("apiVersion", resource.version);
        objectsOf(resource).put(key, object);
        record(resource, before == null ? "ADDED" : "MODIFIED", object);
    }

    /** Deletes an object, or marks it while it has finalizers. */
    public synchronized void delete(Resource resource, String namespace, String name) {
        JsonObject object = objectsOf(resource).get(key(namespace, name));
        if (object == null) {
            return;
        }
        JsonObject metadata = object.getAsJsonObject("metadata");
        metadata.addProperty("resourceVersion", Long.toString(++version));
        if (metadata.has("finalizers") && !metadata.getAsJsonArray("finalizers").isEmpty()) {
            metadata.addProperty("deletionTimestamp", "2026-01-02T00:00:00Z");
            record(resource, "MODIFIED", object);
        } else {
            objectsOf(resource).remove(key(namespace, name));
            record(resource, "DELETED", object);
        }
    }

    /** Has deleted an object without an event, as if nobody had watched meanwhile. */
    public synchronized void lose(Resource resource, String namespace, String name) {
        objectsOf(resource).remove(key(namespace, name));
        oldestWatchable = ++version;
    }

    /** Has lost everything without an event, as after the restore of an empty backup. */
    public synchronized void loseEverything() {
        objects.values().forEach(Map::clear);
        oldestWatchable = ++version;
        epoch++;
        notifyAll();
    }

    private void record(Resource resource, String type, JsonObject object) {
        historyOf(resource).add(new Event(version, type, GSON.toJson(object)));
        notifyAll();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    private static String text(JsonObject object, String field) {
        return object.has(field) ? object.get(field).getAsString() : "";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            synchronized (this) {
                requests.merge(line, 1, Integer::sum);
                if (exchange.getRequestMethod().equals("PATCH")) {
                    String who = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
                    writers.merge(who.replaceFirst("^Bearer ", ""), 1, Integer::sum);
                }
                if (refusal != null) {
                    send(exchange, refusalCode, refusal);
                    return;
                }
            }
            switch (exchange.getRequestMethod()) {
                case "GET" -> get(exchange, query(exchange));
                case "PATCH" -> patch(exchange, body);
                case "POST" -> {
                    synchronized (this) {
                        events.add(body);
                    }
                    send(exchange, 201, body);
                }
                default -> send(exchange, 405, status(405, "MethodNotAllowed", "no such method"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getQuery();
        for (String part : text == null ? new String[0] : text.split("&")) {
            int equals = part.indexOf('=');
            query.put(part.substring(0, equals), part.substring(equals + 1));
        }
        return query;
    }

    private void get(HttpExchange exchange, Map<String, String> query) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        for (Resource resource : Resource.values()) {
            if (path.equals(resource.group + resource.plural)) {
                if (query.containsKey("watch")) {
                    watch(exchange, resource, query);
                } else {
                    list(exchange, resource, query);
                }
                return;
            }
        }
        send(exchange, 404, status(404, "NotFound", "no such resource"));
    }

    private void list(HttpExchange exchange, Resource resource, Map<String, String> query) throws IOException {
        String page;
        synchronized (this) {
            int limit = Integer.parseInt(query.getOrDefault("limit", "0"));
            String continuation = query.getOrDefault("continue", "");
            String listVersion = Long.toString(version);
            String after = "";
            if (!continuation.isEmpty()) {
                int colon = continuation.indexOf(':');
                listVersion = continuation.substring(0, colon);
                after = continuation.substring(colon + 1);
                if (Long.parseLong(listVersion) < oldestWatchable) {
                    send(exchange, 410, status(410, "Expired", "The provided continue parameter is too old"));
                    return;
                }
            }
            StringBuilder items = new StringBuilder();
            String last = "";
            int count = 0;
            boolean more = false;
            for (Map.Entry<String, JsonObject> entry : objectsOf(resource)
                    .tailMap(after + (after.isEmpty() ? "" : "\0"))
                    .entrySet()) {
                if (limit > 0 && count == limit) {
                    more = true;
                    break;
                }
                items.append(count++ == 0 ? "" : ",").append(GSON.toJson(entry.getValue()));
                last = entry.getKey();
            }
            page = "{\"kind\":\"" + resource.kind + "List\",\"apiVersion\":\"" + resource.version
                    + "\",\"metadata\":{\"resourceVersion\":\"" + listVersion + "\""
                    + (more ? ",\"continue\":\"" + listVersion + ":" + last + "\"" : "") + "},\"items\":[" + items
                    + "]}";
        }
        send(exchange, 200, page);
    }

    private void watch(HttpExchange exchange, Resource resource, Map<String, String> query)
            throws IOException, InterruptedException {
        List<String> first = new ArrayList<>();
        long from;
        int began;
        synchronized (this) {
            began = epoch;
            if (query.containsKey("sendInitialEvents")) {
                if (!streamsLists) {
                    send(
                            exchange,
                            422,
                            status(
                                    422,
                                    "Invalid",
                                    "sendInitialEvents is forbidden for watch unless the WatchList feature gate is"
                                            + " enabled"));
                    return;
                }
                objectsOf(resource).values().forEach(object -> first.add(line("ADDED", GSON.toJson(object))));
                first.add(line(
                        "BOOKMARK",
                        "{\"kind\":\"" + resource.kind + "\",\"metadata\":{\"resourceVersion\":\"" + version
                                + "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}"));
                from = version;
            } else {
                from = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
                if (from < oldestWatchable) {
                    first.add(line(
                            "ERROR",
                            status(
                                    410,
                                    "Expired",
                                    "too old resource version: " + from + " (" + oldestWatchable + ")")));
                }
            }
        }
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(query.getOrDefault("timeoutSeconds", "1800")))
                        .toNanos();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        write(out, first);
        if (!first.isEmpty() && first.getLast().contains("\"ERROR\"")) {
            out.close();
            return;
        }
        while (System.nanoTime() < end) {
            List<String> next = new ArrayList<>();
            synchronized (this) {
                from = gather(resource, from, next);
                if (next.isEmpty() && epoch == began) {
                    wait(BOOKMARK_INTERVAL.toMillis());
                    from = gather(resource, from, next);
                }
                if (epoch != began) {
                    out.write("{\"type\":\"MODI".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    throw new IOException("broken on purpose");
                }
                if (next.isEmpty()) {
                    from = version;
                    next.add(line(
                            "BOOKMARK",
                            "{\"kind\":\"" + resource.kind + "\",\"metadata\":{\"resourceVersion\":\"" + version
                                    + "\"}}"));
                }
            }
            write(out, next);
        }
        out.close();
    }

    private SortedMap<String, JsonObject> objectsOf(Resource resource) {
        return Objects.requireNonNull(objects.get(resource));
    }

    private List<Event> historyOf(Resource resource) {
        return Objects.requireNonNull(history.get(resource));
    }

    /** Returns the version up to which {@code into} has what happened after {@code from}. */
    private long gather(Resource resource, long from, List<String> into) {
        List<Event> all = historyOf(resource);
        int start = all.size();
        while (start > 0 && all.get(start - 1).version() > from) {
            start--;
        }
        long last = from;
        for (Event event : all.subList(start, all.size())) {
            into.add(line(event.type(), event.object()));
            last = event.version();
        }
        return last;
    }

    private static String line(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    private static void write(OutputStream out, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            out.write(String.join("", lines).getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private void patch(HttpExchange exchange, String body) throws IOException {
        // /api/v1/namespaces/NAMESPACE/services/NAME/status
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        synchronized (this) {
            if (writeRefusalCode != 0) {
                send(exchange, writeRefusalCode, status(writeRefusalCode, "Refused", "refused on purpose"));
                return;
            }
            JsonObject object = objectsOf(Resource.SERVICES).get(key(path[4], path[6]));
            if (object == null) {
                send(exchange, 404, status(404, "NotFound", "services \"" + path[6] + "\" not found"));
                return;
            }
            JsonObject patch = JsonParser.parseString(body).getAsJsonObject();
            JsonObject metadata = object.getAsJsonObject("metadata");
            JsonObject wanted = patch.has("metadata") ? patch.getAsJsonObject("metadata") : new JsonObject();
            if (wanted.has("resourceVersion")
                    && !wanted.get("resourceVersion").equals(metadata.get("resourceVersion"))) {
                send(exchange, 409, status(409, "Conflict", "the object has been modified"));
                return;
            }
            JsonObject next = merged(object, patch);
            if (next.equals(object)) {
                send(exchange, 200, GSON.toJson(object)); // no version, no event
                return;
            }
            next.getAsJsonObject("metadata").addProperty("resourceVersion", Long.toString(++version));
            JsonArray finalizers = next.getAsJsonObject("metadata").getAsJsonArray("finalizers");
            boolean isGone = next.getAsJsonObject("metadata").has("deletionTimestamp")
                    && (finalizers == null || finalizers.isEmpty());
            if (isGone) {
                objectsOf(Resource.SERVICES).remove(key(path[4], path[6]));
            } else {
                objectsOf(Resource.SERVICES).put(key(path[4], path[6]), next);
            }
            record(Resource.SERVICES, isGone ? "DELETED" : "MODIFIED", next);
            send(exchange, 200, GSON.toJson(next));
        }
    }

    /** RFC 7386. */
    private static JsonObject merged(JsonObject target, JsonObject patch) {
        JsonObject result = target.deepCopy();
        for (Map.Entry<String, JsonElement> entry : patch.entrySet()) {
            JsonElement value = entry.getValue();
            if (value.isJsonNull()) {
                result.remove(entry.getKey());
            } else if (value instanceof JsonObject inner) {
                JsonObject below =
                        result.get(entry.getKey()) instanceof JsonObject existing ? existing : new JsonObject();
                result.add(entry.getKey(), merged(below, inner));
            } else {
                result.add(entry.getKey(), value);
            }
        }
        return result;
    }

    private static String status(int code, String reason, String message) {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":" + GSON.toJson(message)
                + ",\"reason\":\"" + reason + "\",\"code\":" + code + "}";
    }

    private static void send(HttpExchange exchange, int code, String body) {
        try {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        threads.shutdownNow();
    }
}
