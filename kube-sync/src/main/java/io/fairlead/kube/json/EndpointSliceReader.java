package io.fairlead.kube.json;

import com.google.gson.stream.JsonReader;
import io.fairlead.core.net.IpAddress;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.EndpointSlice.Endpoint;
import io.fairlead.kube.model.EndpointSlice.Port;
import io.fairlead.kube.model.Metadata;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an EndpointSlice. */
final class EndpointSliceReader implements JsonObjects.ElementReader<EndpointSlice> {

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** Of a headless Service; kube-proxy does not even ask for these. */
    private static final String HEADLESS = "service.kubernetes.io/headless";

    private final SharedTexts texts;
    private final MetadataReader metadataReader;

    EndpointSliceReader(SharedTexts texts) {
        this.texts = texts;
        this.metadataReader = new MetadataReader(texts, _ -> false);
    }

    @Override
    public EndpointSlice read(JsonReader in) throws IOException {
        Fields fields = new Fields();
        JsonObjects.fields(in, fields);
        Metadata metadata = fields.metadata;
        if (metadata == null) {
            throw new MalformedObjectException("an EndpointSlice without metadata");
        }
        String service =
                metadata.labels().containsKey(HEADLESS) ? "" : metadata.labels().getOrDefault(SERVICE_NAME, "");
        return new EndpointSlice(
                metadata.name(),
                metadata.resourceVersion(),
                texts.shared(service),
                ApiNames.family(fields.addressType),
                fields.ports,
                fields.endpoints);
    }

    private final class Fields implements JsonObjects.FieldReader {

        private @Nullable Metadata metadata;
        private String addressType = "";
        private List<Port> ports = List.of();
        private List<Endpoint> endpoints = List.of();

        @Override
        public void read(String field, JsonReader in) throws IOException {
            switch (field) {
                case "metadata" -> metadata = metadataReader.read(in);
                case "addressType" -> addressType = in.nextString();
                case "ports" ->
                    ports = JsonObjects.list(in, this::port).stream()
                            .flatMap(Optional::stream)
                            .toList();
                case "endpoints" ->
                    endpoints = JsonObjects.list(in, this::endpoint).stream()
                            .flatMap(Optional::stream)
                            .toList();
                default -> in.skipValue();
            }
        }

        private Optional<Port> port(JsonReader in) throws IOException {
            String[] found = {"", "TCP"};
            int[] number = {0};
            JsonObjects.fields(in, (field, value) -> {
                switch (field) {
                    case "name" -> found[0] = texts.shared(value.nextString());
                    case "protocol" -> found[1] = value.nextString();
                    case "port" -> number[0] = value.nextInt();
                    default -> value.skipValue();
                }
            });
            int port = number[0] >= 1 && number[0] <= 65535 ? number[0] : 0;
            return ApiNames.protocol(found[1]).map(protocol -> new Port(found[0], protocol, port));
        }

        private Optional<Endpoint> endpoint(JsonReader in) throws IOException {
            EndpointFields found = new EndpointFields();
            JsonObjects.fields(in, found);
            return found.finished();
        }
    }

    private final class EndpointFields implements JsonObjects.FieldReader {

        private List<String> addresses = List.of();
        private boolean ready = true;
        private boolean serving = true;
        private boolean terminating;
        private String node = "";
        private List<String> zones = List.of();

        @Override
        public void read(String field, JsonReader in) throws IOException {
            switch (field) {
                case "addresses" -> addresses = JsonObjects.texts(in);
                case "conditions" -> JsonObjects.fields(in, this::readCondition);
                case "nodeName" -> node = texts.shared(in.nextString());
                case "hints" -> JsonObjects.fields(in, this::readHints);
                default -> in.skipValue();
            }
        }

        private void readCondition(String field, JsonReader in) throws IOException {
            switch (field) {
                case "ready" -> ready = in.nextBoolean();
                case "serving" -> serving = in.nextBoolean();
                case "terminating" -> terminating = in.nextBoolean();
                default -> in.skipValue();
            }
        }

        private void readHints(String field, JsonReader in) throws IOException {
            if (field.equals("forZones")) {
                zones = JsonObjects.list(in, this::zone);
            } else {
                in.skipValue();
            }
        }

        private String zone(JsonReader in) throws IOException {
            String[] name = {""};
            JsonObjects.fields(in, (field, value) -> {
                if (field.equals("name")) {
                    name[0] = texts.shared(value.nextString());
                } else {
                    value.skipValue();
                }
            });
            return name[0];
        }

        private Optional<Endpoint> finished() {
            Optional<IpAddress> address =
                    addresses.isEmpty() ? Optional.empty() : AddressText.parse(addresses.getFirst());
            return address.map(found -> new Endpoint(found, ready, serving, terminating, node, zones));
        }
    }
}
