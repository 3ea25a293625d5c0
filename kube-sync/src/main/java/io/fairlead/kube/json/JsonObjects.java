package io.fairlead.kube.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Walks over JSON without keeping it. A null counts as an absent field. */
final class JsonObjects {

    private JsonObjects() {}

    /** Takes the value of one field; passes over what it does not want. */
    interface FieldReader {
        void read(String name, JsonReader in) throws IOException;
    }

    /** Reads one element of a list. */
    interface ElementReader<T> {
        T read(JsonReader in) throws IOException;
    }

    static void fields(JsonReader in, FieldReader fields) throws IOException {
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
            } else {
                fields.read(name, in);
            }
        }
        in.endObject();
    }

    static <T> List<T> list(JsonReader in, ElementReader<T> element) throws IOException {
        List<T> found = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
            } else {
                found.add(element.read(in));
            }
        }
        in.endArray();
        return found;
    }

    static List<String> texts(JsonReader in) throws IOException {
        return list(in, JsonReader::nextString);
    }

    static Map<String, String> map(JsonReader in) throws IOException {
        Map<String, String> found = new HashMap<>();
        fields(in, (name, value) -> found.put(name, value.nextString()));
        return found;
    }
}
