package io.fairlead.kube.json;

import com.google.gson.stream.JsonReader;
import io.fairlead.kube.model.ClusterObject;
import java.io.IOException;

/** Reads objects of the kinds that concern us, one after the other, from a stream. For one thread at a time. */
public final class ObjectReader {

    /** A kind of object that concerns us. */
    public enum Kind {
        SERVICE("Service"),
        ENDPOINT_SLICE("EndpointSlice"),
        NODE("Node");

        private final String apiName;

        Kind(String apiName) {
            this.apiName = apiName;
        }

        /** Returns the value of the field {@code kind}. */
        public String apiName() {
            return apiName;
        }
    }

    private final ServiceReader services;
    private final EndpointSliceReader endpointSlices;
    private final NodeReader nodes;

    public ObjectReader() {
        SharedTexts texts = new SharedTexts();
        services = new ServiceReader(texts);
        endpointSlices = new EndpointSliceReader(texts);
        nodes = new NodeReader(texts);
    }

    /**
     * Reads one object.
     *
     * @throws IOException if the stream fails
     * @throws MalformedObjectException if it is not an object of that kind; the stream is of no use any more
     */
    public ClusterObject read(Kind kind, JsonReader in) throws IOException {
        try {
            return switch (kind) {
                case SERVICE -> services.read(in);
                case ENDPOINT_SLICE -> endpointSlices.read(in);
                case NODE -> nodes.read(in);
            };
        } catch (IllegalStateException | NumberFormatException e) {
            throw new MalformedObjectException(kind.apiName() + ": " + e.getMessage(), e);
        }
    }
}
