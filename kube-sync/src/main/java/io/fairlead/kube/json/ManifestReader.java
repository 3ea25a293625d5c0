package io.fairlead.kube.json;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.fairlead.kube.json.ObjectReader.Kind;
import io.fairlead.kube.model.ClusterObject;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads what {@code kubectl get} prints: a List or single objects, as JSON one after the other, or as YAML documents.
 * Objects of kinds that do not concern us are passed over.
 */
public final class ManifestReader {

    /** Of one file; a cluster of 100,000 endpoints is a tenth of it. */
    public static final int CHARACTERS_MAX = 512 << 20;

    private final ObjectReader objects = new ObjectReader();
    private final List<ClusterObject> found = new ArrayList<>();

    /**
     * Returns the objects in {@code text}, in its order.
     *
     * @throws MalformedObjectException if it is neither JSON nor YAML, or an object is broken
     */
    public static List<ClusterObject> read(Reader text) throws IOException {
        ManifestReader reader = new ManifestReader();
        String whole = all(text);
        if (whole.stripLeading().startsWith("{")) {
            reader.readJson(whole);
        } else {
            reader.readYaml(whole);
        }
        return reader.found;
    }

    private static String all(Reader text) throws IOException {
        StringBuilder whole = new StringBuilder();
        char[] buffer = new char[1 << 16];
        for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
            whole.append(buffer, 0, count);
            if (whole.length() > CHARACTERS_MAX) {
                throw new MalformedObjectException("more than " + CHARACTERS_MAX + " characters");
            }
        }
        return whole.toString();
    }

    private void readJson(String text) throws IOException {
        try (JsonReader in = new JsonReader(new StringReader(text))) {
            in.setStrictness(Strictness.LENIENT); // several values one after the other
            while (in.peek() != JsonToken.END_DOCUMENT) {
                readElement(JsonParser.parseReader(in));
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new MalformedObjectException(String.valueOf(e.getMessage()), e);
        }
    }

    private void readYaml(String text) throws IOException {
        Gson gson = new Gson();
        try {
            for (Object document : PlainYaml.documents(text, CHARACTERS_MAX)) {
                if (document != null) {
                    readElement(gson.toJsonTree(document));
                }
            }
        } catch (YAMLException e) {
            throw new MalformedObjectException(String.valueOf(e.getMessage()), e);
        }
    }

    private void readElement(JsonElement element) throws IOException {
        if (!(element instanceof JsonObject object)) {
            throw new MalformedObjectException("neither an object nor a List of them (expected: kind and metadata)");
        }
        if (object.get("items") instanceof JsonArray items) {
            String listKind = text(object, "kind");
            for (JsonElement item : items) {
                readItem(item, listKind.endsWith("List") ? listKind.substring(0, listKind.length() - 4) : "");
            }
        } else {
            readItem(object, "");
        }
    }

    /** @param kindOfList what an item is that does not say it: in a ServiceList the items do not */
    private void readItem(JsonElement element, String kindOfList) throws IOException {
        if (!(element instanceof JsonObject object)) {
            throw new MalformedObjectException("an item that is not an object");
        }
        String kind = object.has("kind") ? text(object, "kind") : kindOfList;
        Optional<Kind> known = Optional.empty();
        for (Kind each : Kind.values()) {
            if (each.apiName().equals(kind)) {
                known = Optional.of(each);
            }
        }
        if (known.isPresent()) {
            try (JsonReader in = new JsonReader(new StringReader(object.toString()))) {
                found.add(objects.read(known.get(), in));
            }
        } else if (kind.isEmpty()) {
            throw new MalformedObjectException("an object without a kind");
        }
    }

    private static String text(JsonObject object, String field) {
        return object.get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
    }
}
