package io.fairlead.kube.json;

import com.google.gson.stream.JsonWriter;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.kube.model.ClusterObject;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.Metadata;
import io.fairlead.kube.model.Node;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;

/** Writes what we know of objects in the form of the API, one a line, so that {@link ManifestReader} and people read it. */
public final class ObjectWriter {

    private ObjectWriter() {}

    /** Returns the object as one line, without its end. */
    public static String line(ClusterObject object) {
        StringWriter text = new StringWriter();
        try (JsonWriter out = new JsonWriter(text)) {
            switch (object) {
                case Service service -> write(out, service);
                case EndpointSlice slice -> write(out, slice);
                case Node node -> write(out, node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a string there is none
        }
        return text.toString();
    }

    private static void write(JsonWriter out, Service service) throws IOException {
        Metadata metadata = service.metadata();
        Service.Spec spec = service.spec();
        out.beginObject().name("kind").value("Service").name("metadata").beginObject();
        name(out, metadata.name());
        out.name("uid").value(metadata.uid());
        out.name("resourceVersion").value(metadata.resourceVersion());
        out.name("creationTimestamp").value(metadata.created());
        if (metadata.deleting()) {
            out.name("deletionTimestamp").value(metadata.created());
        }
        texts(out, "finalizers", metadata.finalizers());
        map(out, "labels", metadata.labels());
        map(out, "annotations", metadata.annotations());
        out.endObject().name("spec").beginObject();
        out.name("type")
                .value(
                        switch (spec.type()) {
                            case CLUSTER_IP -> "ClusterIP";
                            case NODE_PORT -> "NodePort";
                            case LOAD_BALANCER -> "LoadBalancer";
                            case EXTERNAL_NAME -> "ExternalName";
                        });
        if (spec.loadBalancerClass().isPresent()) {
            out.name("loadBalancerClass").value(spec.loadBalancerClass().get());
        }
        if (spec.loadBalancerIp().isPresent()) {
            out.name("loadBalancerIP").value(spec.loadBalancerIp().get());
        }
        texts(
                out,
                "ipFamilies",
                spec.families().stream().map(ObjectWriter::family).toList());
        out.name("ipFamilyPolicy")
                .value(
                        switch (spec.familyPolicy()) {
                            case SINGLE_STACK -> "SingleStack";
                            case PREFER_DUAL_STACK -> "PreferDualStack";
                            case REQUIRE_DUAL_STACK -> "RequireDualStack";
                        });
        texts(out, "clusterIPs", addresses(spec.clusterIps()));
        out.name("ports").beginArray();
        for (Service.Port port : spec.ports()) {
            out.beginObject().name("name").value(port.name());
            out.name("protocol").value(port.protocol().name());
            out.name("port").value(port.port());
            out.name("nodePort").value(port.nodePort()).endObject();
        }
        out.endArray();
        out.name("externalTrafficPolicy").value(spec.localTraffic() ? "Local" : "Cluster");
        out.name("healthCheckNodePort").value(spec.healthCheckNodePort());
        if (spec.affinity().isPresent()) {
            out.name("sessionAffinity").value("ClientIP");
            out.name("sessionAffinityConfig").beginObject().name("clientIP").beginObject();
            out.name("timeoutSeconds").value(spec.affinity().get().toSeconds());
            out.endObject().endObject();
        }
        texts(out, "loadBalancerSourceRanges", spec.sourceRanges());
        texts(out, "externalIPs", addresses(spec.externalIps()));
        map(out, "selector", spec.selector());
        out.endObject().name("status").beginObject().name("loadBalancer").beginObject();
        out.name("ingress").beginArray();
        for (Service.Ingress ingress : service.ingress()) {
            out.beginObject().name("ip").value(ingress.address());
            if (!ingress.ipMode().isEmpty()) {
                out.name("ipMode").value(ingress.ipMode());
            }
            out.endObject();
        }
        out.endArray().endObject().endObject().endObject();
    }

    private static void write(JsonWriter out, EndpointSlice slice) throws IOException {
        out.beginObject().name("kind").value("EndpointSlice").name("metadata").beginObject();
        name(out, slice.name());
        out.name("resourceVersion").value(slice.resourceVersion());
        map(
                out,
                "labels",
                slice.service().isEmpty() ? Map.of() : Map.of("kubernetes.io/service-name", slice.service()));
        out.endObject();
        out.name("addressType").value(slice.family().map(ObjectWriter::family).orElse("FQDN"));
        out.name("ports").beginArray();
        for (EndpointSlice.Port port : slice.ports()) {
            out.beginObject().name("name").value(port.name());
            out.name("protocol").value(port.protocol().name());
            out.name("port").value(port.port()).endObject();
        }
        out.endArray().name("endpoints").beginArray();
        for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
            out.beginObject()
                    .name("addresses")
                    .beginArray()
                    .value(endpoint.address().toString())
                    .endArray();
            out.name("conditions").beginObject();
            out.name("ready").value(endpoint.ready());
            out.name("serving").value(endpoint.serving());
            out.name("terminating").value(endpoint.terminating()).endObject();
            if (!endpoint.node().isEmpty()) {
                out.name("nodeName").value(endpoint.node());
            }
            if (!endpoint.zones().isEmpty()) {
                out.name("hints").beginObject().name("forZones").beginArray();
                for (String zone : endpoint.zones()) {
                    out.beginObject().name("name").value(zone).endObject();
                }
                out.endArray().endObject();
            }
            out.endObject();
        }
        out.endArray().endObject();
    }

    private static void write(JsonWriter out, Node node) throws IOException {
        out.beginObject().name("kind").value("Node").name("metadata").beginObject();
        name(out, node.name());
        out.name("resourceVersion").value(node.resourceVersion());
        map(out, "labels", node.eligible() ? Map.of() : Map.of(NodeReader.EXCLUDED, "true"));
        out.endObject().name("status").beginObject().name("addresses").beginArray();
        for (IpAddress address : node.internal()) {
            out.beginObject()
                    .name("type")
                    .value("InternalIP")
                    .name("address")
                    .value(address.toString())
                    .endObject();
        }
        for (IpAddress address : node.external()) {
            out.beginObject()
                    .name("type")
                    .value("ExternalIP")
                    .name("address")
                    .value(address.toString())
                    .endObject();
        }
        out.endArray().endObject().endObject();
    }

    private static void name(JsonWriter out, ObjectName name) throws IOException {
        if (!name.namespace().isEmpty()) {
            out.name("namespace").value(name.namespace());
        }
        out.name("name").value(name.name());
    }

    private static String family(IpFamily family) {
        return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
    }

    private static Collection<String> addresses(Collection<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).toList();
    }

    private static void texts(JsonWriter out, String name, Collection<String> texts) throws IOException {
        if (!texts.isEmpty()) {
            out.name(name).beginArray();
            for (String text : texts) {
                out.value(text);
            }
            out.endArray();
        }
    }

    private static void map(JsonWriter out, String name, Map<String, String> map) throws IOException {
        if (!map.isEmpty()) {
            out.name(name).beginObject();
            for (Map.Entry<String, String> entry : map.entrySet()) {
                out.name(entry.getKey()).value(entry.getValue());
            }
            out.endObject();
        }
    }
}
