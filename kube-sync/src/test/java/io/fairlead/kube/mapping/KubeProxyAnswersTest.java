package io.fairlead.kube.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.kube.json.ObjectReader;
import io.fairlead.kube.json.ObjectReader.Kind;
import io.fairlead.kube.model.EndpointSlice;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What kube-proxy 1.36 answered when its own code was given the same objects ({@code endpoint-cases.jsonl}, {@code
 * endpoint-answers.jsonl}, matched by name). Where we answer otherwise, on purpose, {@link #DEVIATIONS} says what and
 * docs/adr/0045 says why.
 */
class KubeProxyAnswersTest {

    private static final ServiceFilter DEFAULT =
            new ServiceFilter(Optional.empty(), true, Set.of(), LabelSelector.EVERYTHING);

    /** By case: what of ours replaces which part of the answer. */
    private static final Map<String, String> DEVIATIONS = Map.of(
            // 46: we are no node of the cluster.
            "node hints", "cluster=[10.1.0.1:80, 10.1.0.2:80]",
            // 49: which proxy serves a Service inside the cluster is not about who fronts it from outside.
            "service-proxy-name label", "served",
            // 57: ranges of one family close the other.
            "source ranges only of the other family", "sources=[]",
            // 58: it is us who write Proxy.
            "ingress ipMode Proxy", "vips=[203.0.113.1]");

    record Case(String name, JsonObject given, JsonObject answer) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() throws IOException {
        Map<String, JsonObject> answers = new HashMap<>();
        for (String line : lines("endpoint-answers.jsonl")) {
            JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
            answers.put(answer.get("name").getAsString(), answer.getAsJsonObject("ports"));
        }
        List<Case> cases = new ArrayList<>();
        for (String line : lines("endpoint-cases.jsonl")) {
            JsonObject given = JsonParser.parseString(line).getAsJsonObject();
            String name = given.get("name").getAsString();
            cases.add(new Case(name, given, Objects.requireNonNull(answers.get(name), name)));
        }
        return cases;
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                KubeProxyAnswersTest.class.getResourceAsStream("/kubernetes/" + resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAnsweredAsByKubeProxy(Case each) throws IOException {
        String zone = each.given.get("zone").getAsString();
        String node = each.given.get("node").getAsString();
        Map<String, String> theirs = new TreeMap<>();
        Map<String, String> ours = new TreeMap<>();
        List<Service> services = read(each.given, "services", Kind.SERVICE, Service.class);
        List<EndpointSlice> slices = read(each.given, "endpointSlices", Kind.ENDPOINT_SLICE, EndpointSlice.class);

        for (Service service : services) {
            List<EndpointSlice> own = slices.stream()
                    .filter(slice -> slice.service().equals(service.name().name())
                            && slice.name().namespace().equals(service.name().namespace()))
                    .toList();
            if (DEFAULT.isOurs(service)) {
                describe(service, own, zone, node, ours);
            }
            if (service.spec().type() == Service.Type.LOAD_BALANCER) {
                describeAnswer(each.answer, service, theirs);
            }
        }

        deviate(each, ours, theirs);
        assertThat(ours).isEqualTo(theirs);
    }

    private static void deviate(Case each, Map<String, String> ours, Map<String, String> theirs) {
        String deviation = DEVIATIONS.get(each.name);
        if (deviation == null) {
            return;
        }
        assertThat(ours).as("deviates").isNotEqualTo(theirs);
        if (deviation.equals("served")) {
            assertThat(theirs).isEmpty();
            theirs.putAll(ours);
        } else {
            String part = deviation.substring(0, deviation.indexOf('='));
            for (String key : List.copyOf(theirs.keySet())) {
                if (key.endsWith(" " + part)) {
                    theirs.put(key, deviation.substring(deviation.indexOf('=') + 1));
                }
            }
        }
    }

    private static void describe(
            Service service, List<EndpointSlice> slices, String zone, String node, Map<String, String> into) {
        for (IpFamily family : service.spec().families()) {
            List<IpAddress> addresses = service.ingress().stream()
                    .filter(ingress -> !ingress.address().isEmpty())
                    .map(ingress -> IpAddress.parse(ingress.address()))
                    .filter(address -> address.family() == family)
                    .toList();
            // Where the case has no virtual IP of a family, its endpoints are still compared, at one that we make up.
            List<IpAddress> used = addresses.isEmpty()
                    ? List.of(IpAddress.parse(family == IpFamily.IPV4 ? "203.0.113.99" : "2001:db8::99"))
                    : addresses;
            MappingSpec spec = MappingSpec.PODS.inZone(zone);
            List<KubernetesServer> servers =
                    ServiceMapping.map(spec, service, used, slices, Map.of()).servers();
            for (Service.Port port : service.spec().ports()) {
                KubernetesServer server = servers.stream()
                        .filter(found -> found.key().protocol() == port.protocol()
                                && found.key().address().port() == port.port())
                        .findFirst()
                        .orElseThrow();
                String prefix = family + " " + service.name() + ":" + port.name() + "/" + port.protocol();
                EndpointSet endpoints = EndpointSet.of(port, family, slices);
                into.put(prefix + " cluster", members(server).toString());
                into.put(
                        prefix + " local",
                        service.spec().localTraffic() ? endpoints.onNode(node).toString() : "[]");
                into.put(prefix + " merged", merged(endpoints, node).toString());
                into.put(prefix + " vips", addresses.toString());
                into.put(
                        prefix + " persistence",
                        server.persistence()
                                .map(found -> found.timeout().toSeconds() + "/" + found.prefixLength())
                                .orElse("none"));
                into.put(
                        prefix + " sources",
                        server.allowedSources()
                                .map(ranges -> new TreeSet<>(ranges).toString())
                                .orElse("open"));
                into.put(prefix + " node-port", Integer.toString(port.nodePort()));
                into.put(
                        prefix + " health-check",
                        Integer.toString(ServiceMapping.map(MappingSpec.NODES, service, used, slices, Map.of())
                                .servers()
                                .getFirst()
                                .healthCheckNodePort()));
            }
        }
    }

    private static List<String> members(KubernetesServer server) {
        return server.realServers().stream()
                .map(member -> member.address().toString())
                .toList();
    }

    private static List<String> merged(EndpointSet endpoints, String node) {
        List<String> lines = new ArrayList<>();
        endpoints
                .endpoints()
                .forEach((address, endpoint) -> lines.add(address
                        + " "
                        + (endpoint.ready() ? "r" : "")
                        + (endpoint.serving() ? "s" : "")
                        + (endpoint.terminating() ? "t" : "")
                        + (endpoint.node().equals(node) ? "l" : "")));
        return lines;
    }

    private static void describeAnswer(JsonObject answer, Service service, Map<String, String> into) {
        for (IpFamily family : service.spec().families()) {
            JsonObject ofFamily = answer.getAsJsonObject(family == IpFamily.IPV4 ? "IPv4" : "IPv6");
            if (ofFamily == null) {
                continue;
            }
            ofFamily.entrySet().forEach(entry -> {
                if (!entry.getKey().startsWith(service.name() + ":")) {
                    return;
                }
                JsonObject port = entry.getValue().getAsJsonObject();
                String prefix = family + " " + entry.getKey();
                boolean local = port.has("etpLocal");
                into.put(prefix + " cluster", texts(port, "cluster").toString());
                into.put(prefix + " local", local ? texts(port, "local").toString() : "[]");
                into.put(prefix + " merged", texts(port, "merged").toString());
                into.put(prefix + " vips", texts(port, "vips").toString());
                into.put(
                        prefix + " persistence",
                        port.get("affinity").getAsString().equals("None")
                                ? "none"
                                : port.get("stickySec").getAsInt() + "/" + family.lengthBits());
                into.put(
                        prefix + " sources",
                        port.has("sourceRanges") ? texts(port, "sourceRanges").toString() : "open");
                into.put(
                        prefix + " node-port",
                        port.has("nodePort") ? port.get("nodePort").getAsString() : "0");
                into.put(
                        prefix + " health-check",
                        port.has("hcNodePort") ? port.get("hcNodePort").getAsString() : "0");
            });
        }
    }

    private static List<String> texts(JsonObject object, String field) {
        List<String> found = new ArrayList<>();
        if (object.get(field) instanceof JsonArray array) {
            for (JsonElement element : array) {
                found.add(element.getAsString());
            }
        }
        return found;
    }

    private static <T> List<T> read(JsonObject given, String field, Kind kind, Class<T> type) throws IOException {
        ObjectReader reader = new ObjectReader();
        List<T> found = new ArrayList<>();
        for (JsonElement element : given.getAsJsonArray(field)) {
            found.add(type.cast(reader.read(kind, new JsonReader(new StringReader(element.toString())))));
        }
        return found;
    }
}
