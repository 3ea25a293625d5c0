package io.fairlead.kube.json;

import com.google.gson.stream.JsonWriter;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The bodies of what is written about a Service. */
public final class ServiceWrites {

    private ServiceWrites() {}

    /**
     * Returns a merge patch for the status of {@code service}. It names the version that it was made for, so that the API
     * refuses it if someone was faster: a list of finalizers is replaced whole.
     *
     * @param finalizers all there are to be, if they change
     * @param ingress all there is to be, if it changes
     */
    public static String patch(
            Service service, Optional<List<String>> finalizers, Optional<List<Service.Ingress>> ingress) {
        StringWriter text = new StringWriter();
        try (JsonWriter out = new JsonWriter(text)) {
            out.beginObject().name("metadata").beginObject();
            out.name("resourceVersion").value(service.resourceVersion());
            if (finalizers.isPresent()) {
                out.name("finalizers").beginArray();
                for (String finalizer : finalizers.get()) {
                    out.value(finalizer);
                }
                out.endArray();
            }
            out.endObject();
            if (ingress.isPresent()) {
                out.name("status")
                        .beginObject()
                        .name("loadBalancer")
                        .beginObject()
                        .name("ingress")
                        .beginArray();
                for (Service.Ingress entry : ingress.get()) {
                    out.beginObject().name("ip").value(entry.address());
                    out.name("ipMode").value(entry.ipMode()).endObject();
                }
                out.endArray().endObject().endObject();
            }
            out.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a string there is none
        }
        return text.toString();
    }

    /**
     * Returns an Event about {@code service}.
     *
     * @param time now, as RFC 3339 in UTC
     */
    public static String event(Service service, boolean isWarning, String reason, String message, String time) {
        StringWriter text = new StringWriter();
        try (JsonWriter out = new JsonWriter(text)) {
            out.beginObject().name("apiVersion").value("v1").name("kind").value("Event");
            out.name("metadata").beginObject();
            out.name("generateName").value(service.name().name() + ".");
            out.name("namespace").value(service.name().namespace()).endObject();
            out.name("involvedObject").beginObject();
            out.name("apiVersion").value("v1").name("kind").value("Service");
            out.name("namespace").value(service.name().namespace());
            out.name("name").value(service.name().name());
            out.name("uid").value(service.metadata().uid());
            out.name("resourceVersion").value(service.resourceVersion()).endObject();
            out.name("type").value(isWarning ? "Warning" : "Normal");
            out.name("reason").value(reason);
            out.name("message").value(message);
            out.name("source").beginObject().name("component").value("fairlead").endObject();
            out.name("firstTimestamp").value(time);
            out.name("lastTimestamp").value(time);
            out.name("count").value(1).endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a string there is none
        }
        return text.toString();
    }
}
