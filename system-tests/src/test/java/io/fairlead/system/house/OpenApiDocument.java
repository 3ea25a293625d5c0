package io.fairlead.system.house;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document of the admin socket, as strictly as our own answers must be: no field more, and none less. */
public final class OpenApiDocument {

    private static final Path FILE = Path.of("..", "docs", "reference", "admin-api.yaml");
    private static final String REFERENCE = "$ref";
    private static final String SCHEMAS = "#/components/schemas/";

    private final JsonObject document;

    private OpenApiDocument(JsonObject document) {
        this.document = document;
    }

    /** Reads the document of this tree. */
    public static OpenApiDocument read() {
        try {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE));
            return new OpenApiDocument(json(loaded).getAsJsonObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonElement json(Object yaml) {
        return switch (yaml) {
            case null -> JsonNull.INSTANCE;
            case Map<?, ?> map -> {
                JsonObject object = new JsonObject();
                map.forEach((key, value) -> object.add(String.valueOf(key), json(value)));
                yield object;
            }
            case List<?> list -> {
                JsonArray array = new JsonArray();
                list.forEach(element -> array.add(json(element)));
                yield array;
            }
            case Number number -> new JsonPrimitive(number);
            case Boolean truth -> new JsonPrimitive(truth);
            default -> new JsonPrimitive(yaml.toString());
        };
    }

    /** Returns of each method and path, such as {@code GET /v1/status}, the parameters of its query. */
    Map<String, Set<String>> routes() {
        Map<String, Set<String>> routes = new TreeMap<>();
        for (Map.Entry<String, JsonElement> path :
                document.getAsJsonObject("paths").entrySet()) {
            for (Map.Entry<String, JsonElement> operation :
                    path.getValue().getAsJsonObject().entrySet()) {
                Set<String> parameters = new TreeSet<>();
                JsonElement listed = operation.getValue().getAsJsonObject().get("parameters");
                if (listed != null) {
                    listed.getAsJsonArray()
                            .forEach(parameter -> parameters.add(
                                    parameter.getAsJsonObject().get("name").getAsString()));
                }
                routes.put(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), parameters);
            }
        }
        return routes;
    }

    /** Returns the fields of each schema: of a name its type as {@link #typeOf} writes it. */
    Map<String, Map<String, String>> schemas() {
        Map<String, Map<String, String>> schemas = new TreeMap<>();
        document.getAsJsonObject("components")
                .getAsJsonObject("schemas")
                .entrySet()
                .forEach(schema -> {
                    Map<String, String> fields = new TreeMap<>();
                    schema.getValue()
                            .getAsJsonObject()
                            .getAsJsonObject("properties")
                            .entrySet()
                            .forEach(field -> fields.put(
                                    field.getKey(), typeOf(field.getValue().getAsJsonObject())));
                    schemas.put(schema.getKey(), fields);
                });
        return schemas;
    }

    /** {@code string}, {@code Checks}, {@code [Event]}, {@code {integer}} for a map, with {@code ?} where null is allowed. */
    private static String typeOf(JsonObject schema) {
        if (schema.has(REFERENCE)) {
            return nameOf(schema);
        }
        if (schema.has("oneOf")) {
            return nameOf(schema.getAsJsonArray("oneOf").get(0).getAsJsonObject()) + "?";
        }
        JsonElement type = schema.get("type");
        if (type.isJsonArray()) {
            return type.getAsJsonArray().get(0).getAsString() + "?";
        }
        return switch (type.getAsString()) {
            case "array" -> "[" + typeOf(schema.getAsJsonObject("items")) + "]";
            case "object" -> "{" + typeOf(schema.getAsJsonObject("additionalProperties")) + "}";
            default -> type.getAsString();
        };
    }

    private static String nameOf(JsonObject reference) {
        return reference.get(REFERENCE).getAsString().substring(SCHEMAS.length());
    }

    /** Returns what is wrong with an answer; empty if it is as documented. */
    public List<String> mistakes(String route, int status, String answer) {
        String[] methodAndPath = route.split(" ", -1);
        JsonObject path = document.getAsJsonObject("paths").getAsJsonObject(methodAndPath[1]);
        JsonObject response = path.getAsJsonObject(methodAndPath[0].toLowerCase(Locale.ROOT))
                .getAsJsonObject("responses")
                .getAsJsonObject(Integer.toString(status));
        if (response == null) {
            return List.of("status " + status + " is not documented");
        }
        JsonObject resolved = response.has(REFERENCE) ? resolve(response) : response;
        List<String> found = new ArrayList<>();
        check(
                "answer",
                resolved.getAsJsonObject("content")
                        .getAsJsonObject("application/json")
                        .getAsJsonObject("schema"),
                JsonParser.parseString(answer),
                found);
        return found;
    }

    private JsonObject resolve(JsonObject reference) {
        JsonObject at = document;
        for (String step : reference.get(REFERENCE).getAsString().substring(2).split("/", -1)) {
            at = at.getAsJsonObject(step);
        }
        return at;
    }

    private void check(String at, JsonObject schema, JsonElement value, List<String> found) {
        if (schema.has(REFERENCE)) {
            check(at, resolve(schema), value, found);
        } else if (schema.has("oneOf")) {
            if (!value.isJsonNull()) {
                check(at, schema.getAsJsonArray("oneOf").get(0).getAsJsonObject(), value, found);
            }
        } else {
            checkType(at, schema, value, found);
        }
    }

    private void checkType(String at, JsonObject schema, JsonElement value, List<String> found) {
        List<String> types = new ArrayList<>();
        JsonElement type = schema.get("type");
        (type.isJsonArray() ? type.getAsJsonArray().asList() : List.of(type))
                .forEach(each -> types.add(each.getAsString()));
        if (types.stream().noneMatch(each -> isOf(each, value))) {
            found.add(at + ": " + value + " (expected: " + String.join(" or ", types) + ")");
            return;
        }
        if (schema.has("enum") && !schema.getAsJsonArray("enum").contains(value)) {
            found.add(at + ": " + value + " (expected: one of " + schema.get("enum") + ")");
        }
        if (value.isJsonArray()) {
            List<JsonElement> elements = value.getAsJsonArray().asList();
            for (int i = 0; i < elements.size(); i++) {
                check(at + "[" + i + "]", schema.getAsJsonObject("items"), elements.get(i), found);
            }
        } else if (value.isJsonObject()) {
            checkFields(at, schema, value.getAsJsonObject(), found);
        }
    }

    private void checkFields(String at, JsonObject schema, JsonObject value, List<String> found) {
        if (schema.has("additionalProperties")) {
            value.entrySet()
                    .forEach(field -> check(
                            at + "." + field.getKey(),
                            schema.getAsJsonObject("additionalProperties"),
                            field.getValue(),
                            found));
            return;
        }
        JsonObject properties = schema.getAsJsonObject("properties");
        if (schema.has("required")) {
            schema.getAsJsonArray("required").forEach(name -> {
                if (!value.has(name.getAsString())) {
                    found.add(at + ": no " + name.getAsString());
                }
            });
        }
        value.entrySet().forEach(field -> {
            JsonObject property = properties.getAsJsonObject(field.getKey());
            if (property == null) {
                found.add(at + ": " + field.getKey() + " is not documented");
            } else {
                check(at + "." + field.getKey(), property, field.getValue(), found);
            }
        });
    }

    private static boolean isOf(String type, JsonElement value) {
        return switch (type) {
            case "null" -> value.isJsonNull();
            case "array" -> value.isJsonArray();
            case "object" -> value.isJsonObject();
            case "string" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
            case "boolean" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
            case "integer" ->
                value.isJsonPrimitive()
                        && value.getAsJsonPrimitive().isNumber()
                        && value.getAsString().matches("-?[0-9]+");
            case "number" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
            default -> false;
        };
    }
}
