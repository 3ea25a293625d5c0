package io.fairlead.appliance.metrics;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A headless Chromium, which is told what to do, and tells what it did, by its debugging protocol. */
final class Chromium implements AutoCloseable {

    /** Of Debian's package chromium. */
    static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private static final int PATIENCE_SECONDS = 90;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final Semaphore loaded = new Semaphore(0);
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    private Chromium(Process process, int port) throws Exception {
        this.process = process;
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page(http, port)), new Listener())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        command("Page.enable");
        command("Network.enable");
        command("Log.enable");
        command("Runtime.enable");
    }

    /**
     * Starts it with an empty profile; it resolves no names, so that it can ask nobody elsewhere.
     *
     * @param folder for its profile and what it says
     */
    static Chromium start(Path folder) throws Exception {
        Path profile = folder.resolve("profile");
        Process process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--headless=new",
                        "--no-sandbox", // tests may run as root
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        try {
            return new Chromium(process, port(process, profile.resolve("DevToolsActivePort")));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** It writes the port to a file once it listens. */
    private static int port(Process process, Path file) throws IOException, InterruptedException {
        for (int i = 0; i < PATIENCE_SECONDS * 10 && process.isAlive(); i++) {
            if (Files.exists(file)) {
                Optional<String> port = Files.readAllLines(file).stream().findFirst();
                if (port.isPresent()) {
                    return Integer.parseInt(port.get());
                }
            }
            Thread.sleep(100);
        }
        throw new IOException("chromium does not listen: " + Files.readString(file.resolveSibling("../chromium.log")));
    }

    /** Returns the address of its page, which it may open only after it listens. */
    private static String page(HttpClient http, int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        String targets = "";
        for (int i = 0; i < PATIENCE_SECONDS * 10; i++) {
            targets = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Optional<String> address = JsonParser.parseString(targets).getAsJsonArray().asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .filter(target -> target.get("type").getAsString().equals("page"))
                    .map(target -> target.get("webSocketDebuggerUrl").getAsString())
                    .findFirst();
            if (address.isPresent()) {
                return address.get();
            }
            Thread.sleep(100);
        }
        throw new IOException("no page in " + targets + " within " + PATIENCE_SECONDS + " s");
    }

    /** Makes the screen so large, and that of a telephone or not; what is opened next is laid out for it. */
    void screen(int width, int height, boolean isPhone) throws Exception {
        JsonObject metrics = new JsonObject();
        metrics.addProperty("width", width);
        metrics.addProperty("height", height);
        metrics.addProperty("deviceScaleFactor", isPhone ? 2 : 1);
        metrics.addProperty("mobile", isPhone);
        command("Emulation.setDeviceMetricsOverride", metrics);
    }

    /** Has pages believe that their reader wants dark colours, or light ones. */
    void colours(boolean dark) throws Exception {
        JsonObject feature = new JsonObject();
        feature.addProperty("name", "prefers-color-scheme");
        feature.addProperty("value", dark ? "dark" : "light");
        JsonArray features = new JsonArray();
        features.add(feature);
        JsonObject media = new JsonObject();
        media.add("features", features);
        command("Emulation.setEmulatedMedia", media);
    }

    /** Opens an address and waits until all of it is there. */
    void open(String address) throws Exception {
        loaded.drainPermits();
        JsonObject page = new JsonObject();
        page.addProperty("url", address);
        JsonElement error = command("Page.navigate", page).get("errorText");
        if (error != null) {
            throw new IOException(address + ": " + error.getAsString());
        }
        if (!loaded.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(address + ": not loaded within " + PATIENCE_SECONDS + " s");
        }
    }

    /** Returns the value of an expression, as text; a page that is loading itself again just now is waited for. */
    String evaluate(String expression) throws Exception {
        JsonObject parameters = new JsonObject();
        parameters.addProperty(
                "expression", "document.readyState === 'complete' ? String(" + expression + ") : undefined");
        for (int i = 0; i < PATIENCE_SECONDS * 5; i++) {
            Optional<JsonObject> answer = ask("Runtime.evaluate", parameters);
            if (answer.isPresent() && answer.get().has("exceptionDetails")) {
                throw new IOException(expression + ": " + answer.get().get("exceptionDetails"));
            }
            Optional<JsonElement> value = answer.map(found -> found.getAsJsonObject("result"))
                    .flatMap(result -> Optional.ofNullable(result.get("value")));
            if (value.isPresent()) {
                return value.get().getAsString();
            }
            Thread.sleep(200);
        }
        throw new IOException(expression + ": no value within " + PATIENCE_SECONDS + " s");
    }

    /** Returns a picture of the whole page, as PNG; a page that is loading itself again just now is waited for. */
    byte[] picture() throws Exception {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("captureBeyondViewport", true);
        for (int i = 0; i < PATIENCE_SECONDS * 5; i++) {
            Optional<JsonObject> answer = ask("Page.captureScreenshot", parameters);
            if (answer.isPresent()) {
                return Base64.getDecoder().decode(answer.get().get("data").getAsString());
            }
            Thread.sleep(200);
        }
        throw new IOException("no picture within " + PATIENCE_SECONDS + " s");
    }

    /** Forgets what it asked for and said. */
    void forget() {
        requests.clear();
        complaints.clear();
    }

    /** Returns the addresses of everything that it asked for. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Returns what it had to say about pages, such as what their policy forbade. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private JsonObject command(String method) throws Exception {
        return command(method, new JsonObject());
    }

    private JsonObject command(String method, JsonObject parameters) throws Exception {
        return ask(method, parameters).orElseThrow(() -> new IOException(method + ": refused"));
    }

    /** Returns empty if it is refused, as while a page gives way to the next. */
    private Optional<JsonObject> ask(String method, JsonObject parameters)
            throws InterruptedException, ExecutionException, TimeoutException {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        JsonObject request = new JsonObject();
        request.addProperty("id", id);
        request.addProperty("method", method);
        request.add("params", parameters);
        socket.sendText(request.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return Optional.ofNullable(
                answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getAsJsonObject("result"));
    }

    private void hear(JsonObject message) {
        if (message.has("id")) {
            CompletableFuture<JsonObject> answer =
                    waiting.remove(message.get("id").getAsInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonObject parameters = message.getAsJsonObject("params");
        switch (message.get("method").getAsString()) {
            case "Page.loadEventFired" -> loaded.release();
            case "Network.requestWillBeSent" ->
                requests.add(parameters.getAsJsonObject("request").get("url").getAsString());
            case "Log.entryAdded" ->
                complaints.add(parameters.getAsJsonObject("entry").get("text").getAsString());
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.get("exceptionDetails").toString());
            default -> {
                // Of no interest here.
            }
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                hear(JsonParser.parseString(text.toString()).getAsJsonObject());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        try (http) {
            socket.abort();
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
