package io.fairlead.kube.json;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.fairlead.kube.json.ObjectReader.Kind;
import io.fairlead.kube.json.WatchEvent.ApiStatus;
import io.fairlead.kube.json.WatchEvent.BookmarkEvent;
import io.fairlead.kube.json.WatchEvent.ErrorEvent;
import io.fairlead.kube.json.WatchEvent.ObjectEvent;
import io.fairlead.kube.json.WatchEvent.UnknownEvent;
import io.fairlead.kube.model.ClusterObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads what the API answers: pages of lists, events of watches, and why a request failed. For one thread at a time. */
public final class WatchEventReader {

    private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    private final Kind kind;
    private final ObjectReader objects = new ObjectReader();

    public WatchEventReader(Kind kind) {
        this.kind = kind;
    }

    /**
     * What a page of a list says of itself.
     *
     * @param continuation how to ask for the next; empty at the end
     */
    public record PageEnd(String resourceVersion, String continuation) {}

    /**
     * Reads a page, object by object.
     *
     * @throws IOException if the stream fails or ends early
     * @throws MalformedObjectException if it is no list of that kind
     */
    public PageEnd readPage(Reader text, Consumer<ClusterObject> found) throws IOException {
        String[] metadata = {"", ""};
        boolean[] hasItems = {false};
        JsonReader in = new JsonReader(text);
        try {
            JsonObjects.fields(in, (field, value) -> {
                switch (field) {
                    case "metadata" -> readListMetadata(value, metadata);
                    case "items" -> {
                        hasItems[0] = true;
                        JsonObjects.list(value, item -> {
                            found.accept(objects.read(kind, item));
                            return kind;
                        });
                    }
                    case "kind" -> {
                        String listKind = value.nextString();
                        if (!listKind.equals(kind.apiName() + "List")) {
                            throw new MalformedObjectException(listKind + " (expected: " + kind.apiName() + "List)");
                        }
                    }
                    default -> value.skipValue();
                }
            });
        } catch (IllegalStateException | JsonParseException | MalformedJsonException e) {
            throw new MalformedObjectException("a list of " + kind.apiName() + ": " + e.getMessage(), e);
        }
        if (metadata[0].isEmpty() || !hasItems[0]) {
            throw new MalformedObjectException(
                    "a list of " + kind.apiName() + " without items or resourceVersion (expected: both)");
        }
        return new PageEnd(metadata[0], metadata[1]);
    }

    private static void readListMetadata(JsonReader in, String[] metadata) throws IOException {
        JsonObjects.fields(in, (field, value) -> {
            switch (field) {
                case "resourceVersion" -> metadata[0] = value.nextString();
                case "continue" -> metadata[1] = value.nextString();
                default -> value.skipValue();
            }
        });
    }

    /**
     * Reads an event, which the API sends as one line.
     *
     * @throws MalformedObjectException if it is none
     */
    public WatchEvent readEvent(String line) {
        try {
            String type = type(line);
            return switch (type) {
                case "ADDED", "MODIFIED" -> new ObjectEvent(false, object(line));
                case "DELETED" -> new ObjectEvent(true, object(line));
                case "BOOKMARK" -> bookmark(line);
                case "ERROR" -> {
                    ApiStatus[] status = {new ApiStatus(0, "", "", Optional.empty())};
                    forObject(line, in -> status[0] = status(in));
                    yield new ErrorEvent(status[0]);
                }
                default -> new UnknownEvent(type);
            };
        } catch (IOException | IllegalStateException | JsonParseException e) {
            throw new MalformedObjectException("an event of a watch: " + e.getMessage(), e);
        }
    }

    private interface ObjectConsumer {
        void read(JsonReader in) throws IOException;
    }

    /** The type mostly comes first, and then nothing else is looked at. */
    private static String type(String line) throws IOException {
        try (JsonReader in = new JsonReader(new StringReader(line))) {
            in.beginObject();
            while (in.hasNext()) {
                if (in.nextName().equals("type")) {
                    return in.nextString();
                }
                in.skipValue();
            }
        }
        throw new MalformedObjectException("an event without a type");
    }

    private static void forObject(String line, ObjectConsumer consumer) throws IOException {
        boolean[] found = {false};
        try (JsonReader in = new JsonReader(new StringReader(line))) {
            JsonObjects.fields(in, (field, value) -> {
                if (field.equals("object")) {
                    found[0] = true;
                    consumer.read(value);
                } else {
                    value.skipValue();
                }
            });
        }
        if (!found[0]) {
            throw new MalformedObjectException("an event without an object");
        }
    }

    private ClusterObject object(String line) throws IOException {
        List<ClusterObject> found = new ArrayList<>(1);
        forObject(line, in -> found.add(objects.read(kind, in)));
        return found.getFirst();
    }

    private static BookmarkEvent bookmark(String line) throws IOException {
        String[] version = {""};
        boolean[] isEnd = {false};
        forObject(
                line,
                in -> JsonObjects.fields(in, (field, value) -> {
                    if (field.equals("metadata")) {
                        JsonObjects.fields(value, (inner, of) -> {
                            switch (inner) {
                                case "resourceVersion" -> version[0] = of.nextString();
                                case "annotations" ->
                                    isEnd[0] = "true".equals(JsonObjects.map(of).get(INITIAL_EVENTS_END));
                                default -> of.skipValue();
                            }
                        });
                    } else {
                        value.skipValue();
                    }
                }));
        return new BookmarkEvent(version[0], isEnd[0]);
    }

    /** Reads why a request failed; whatever the text is, also none of the API's. */
    public static ApiStatus readStatus(String text) {
        try (JsonReader in = new JsonReader(new StringReader(text))) {
            if (in.peek() == JsonToken.BEGIN_OBJECT) {
                return status(in);
            }
        } catch (EOFException e) {
            return new ApiStatus(0, "", "", Optional.empty());
        } catch (IOException | IllegalStateException | JsonParseException e) {
            // A proxy in between answers in words of its own.
        }
        return new ApiStatus(0, "", text.strip().lines().findFirst().orElse(""), Optional.empty());
    }

    private static ApiStatus status(JsonReader in) throws IOException {
        int[] code = {0, -1};
        String[] message = {""};
        List<String> reasons = new ArrayList<>();
        JsonObjects.fields(in, (field, value) -> {
            switch (field) {
                case "code" -> code[0] = value.nextInt();
                case "reason" -> reasons.add(value.nextString());
                case "message" -> message[0] = value.nextString();
                case "details" ->
                    JsonObjects.fields(value, (inner, of) -> {
                        switch (inner) {
                            case "retryAfterSeconds" -> code[1] = of.nextInt();
                            case "causes" ->
                                JsonObjects.list(of, cause -> {
                                    JsonObjects.fields(cause, (name, text) -> {
                                        if (name.equals("reason")) {
                                            reasons.add(text.nextString());
                                        } else {
                                            text.skipValue();
                                        }
                                    });
                                    return "";
                                });
                            default -> of.skipValue();
                        }
                    });
                default -> value.skipValue();
            }
        });
        return new ApiStatus(
                code[0],
                String.join(" ", reasons),
                message[0],
                code[1] < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(code[1])));
    }
}
