package io.fairlead.kube.json;

import com.google.gson.stream.JsonReader;
import io.fairlead.kube.model.Metadata;
import io.fairlead.kube.model.ObjectName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Reads {@code metadata}, of which few annotations mean something to us. */
final class MetadataReader {

    private final SharedTexts texts;
    private final Predicate<String> wantedAnnotations;

    MetadataReader(SharedTexts texts, Predicate<String> wantedAnnotations) {
        this.texts = texts;
        this.wantedAnnotations = wantedAnnotations;
    }

    Metadata read(JsonReader in) throws IOException {
        Fields fields = new Fields();
        JsonObjects.fields(in, fields);
        return new Metadata(
                new ObjectName(texts.shared(fields.namespace), fields.name),
                fields.uid,
                fields.resourceVersion,
                fields.created,
                fields.deleting,
                fields.finalizers,
                fields.labels,
                fields.annotations);
    }

    private final class Fields implements JsonObjects.FieldReader {

        private String namespace = "";
        private String name = "";
        private String uid = "";
        private String resourceVersion = "";
        private String created = "";
        private boolean deleting;
        private List<String> finalizers = List.of();
        private Map<String, String> labels = Map.of();
        private Map<String, String> annotations = Map.of();

        @Override
        public void read(String field, JsonReader in) throws IOException {
            switch (field) {
                case "namespace" -> namespace = in.nextString();
                case "name" -> name = in.nextString();
                case "uid" -> uid = in.nextString();
                case "resourceVersion" -> resourceVersion = in.nextString();
                case "creationTimestamp" -> created = in.nextString();
                case "deletionTimestamp" -> {
                    deleting = true;
                    in.skipValue();
                }
                case "finalizers" -> finalizers = JsonObjects.texts(in);
                case "labels" -> labels = JsonObjects.map(in);
                case "annotations" -> {
                    Map<String, String> all = JsonObjects.map(in);
                    all.keySet().removeIf(wantedAnnotations.negate());
                    annotations = all;
                }
                default -> in.skipValue();
            }
        }
    }
}
