package io.fairlead.kube.json;

import com.google.gson.stream.JsonReader;
import io.fairlead.core.net.IpAddress;
import io.fairlead.kube.model.Metadata;
import io.fairlead.kube.model.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a Node. Whether it is ready does not matter: that a node is left alone while it is silent is for the checks to say. */
final class NodeReader implements JsonObjects.ElementReader<Node> {

    static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
    private static final String ABOUT_TO_BE_REMOVED = "ToBeDeletedByClusterAutoscaler";

    /** What Go's {@code strconv.ParseBool} takes for false; 1.36 parses the label so, and anything else excludes. */
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private final MetadataReader metadataReader;

    NodeReader(SharedTexts texts) {
        this.metadataReader = new MetadataReader(texts, _ -> false);
    }

    @Override
    public Node read(JsonReader in) throws IOException {
        Fields fields = new Fields();
        JsonObjects.fields(in, fields);
        Metadata metadata = fields.metadata;
        if (metadata == null) {
            throw new MalformedObjectException("a Node without metadata");
        }
        String label = metadata.labels().get(EXCLUDED);
        boolean excluded = label != null && !FALSE.contains(label);
        return new Node(
                metadata.name(),
                metadata.resourceVersion(),
                fields.internal,
                fields.external,
                !excluded && !metadata.deleting() && !fields.isAboutToBeRemoved);
    }

    private final class Fields implements JsonObjects.FieldReader {

        private @Nullable Metadata metadata;
        private boolean isAboutToBeRemoved;
        private final List<IpAddress> internal = new ArrayList<>();
        private final List<IpAddress> external = new ArrayList<>();

        @Override
        public void read(String field, JsonReader in) throws IOException {
            switch (field) {
                case "metadata" -> metadata = metadataReader.read(in);
                case "spec" -> JsonObjects.fields(in, this::readSpec);
                case "status" -> JsonObjects.fields(in, this::readStatus);
                default -> in.skipValue();
            }
        }

        private void readSpec(String field, JsonReader in) throws IOException {
            if (field.equals("taints")) {
                JsonObjects.list(in, taint -> {
                    JsonObjects.fields(taint, (inner, value) -> {
                        if (inner.equals("key")) {
                            isAboutToBeRemoved |= value.nextString().equals(ABOUT_TO_BE_REMOVED);
                        } else {
                            value.skipValue();
                        }
                    });
                    return taint;
                });
            } else {
                in.skipValue();
            }
        }

        private void readStatus(String field, JsonReader in) throws IOException {
            if (field.equals("addresses")) {
                JsonObjects.list(in, this::readAddress);
            } else {
                in.skipValue();
            }
        }

        private String readAddress(JsonReader in) throws IOException {
            String[] found = {"", ""};
            JsonObjects.fields(in, (field, value) -> {
                switch (field) {
                    case "type" -> found[0] = value.nextString();
                    case "address" -> found[1] = value.nextString();
                    default -> value.skipValue();
                }
            });
            switch (found[0]) {
                case "InternalIP" -> AddressText.parse(found[1]).ifPresent(internal::add);
                case "ExternalIP" -> AddressText.parse(found[1]).ifPresent(external::add);
                default -> {} // host names are no addresses
            }
            return found[1];
        }
    }
}
