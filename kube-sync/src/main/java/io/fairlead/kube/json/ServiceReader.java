package io.fairlead.kube.json;

import com.google.gson.stream.JsonReader;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.kube.model.Metadata;
import io.fairlead.kube.model.Service;
import io.fairlead.kube.model.Service.FamilyPolicy;
import io.fairlead.kube.model.Service.Ingress;
import io.fairlead.kube.model.Service.Port;
import io.fairlead.kube.model.Service.Spec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a Service. */
final class ServiceReader implements JsonObjects.ElementReader<Service> {

    /** What the API server fills in where it is not said ({@code core/v1 DefaultClientIPServiceAffinitySeconds}). */
    private static final Duration AFFINITY_DEFAULT = Duration.ofHours(3);

    private static final List<String> ANNOTATION_PREFIXES = List.of(
            "metallb.io/",
            "metallb.universe.tf/",
            "kube-vip.io/",
            "fairlead.io/",
            "service.beta.kubernetes.io/load-balancer-source-ranges");

    private final MetadataReader metadataReader;

    ServiceReader(SharedTexts texts) {
        metadataReader =
                new MetadataReader(texts, key -> ANNOTATION_PREFIXES.stream().anyMatch(key::startsWith));
    }

    @Override
    public Service read(JsonReader in) throws IOException {
        Fields fields = new Fields();
        JsonObjects.fields(in, fields);
        if (fields.metadata == null) {
            throw new MalformedObjectException("a Service without metadata");
        }
        return new Service(fields.metadata, fields.spec.finished(), fields.ingress);
    }

    private final class Fields implements JsonObjects.FieldReader {

        private @Nullable Metadata metadata;
        private final SpecFields spec = new SpecFields();
        private List<Ingress> ingress = List.of();

        @Override
        public void read(String field, JsonReader in) throws IOException {
            switch (field) {
                case "metadata" -> metadata = metadataReader.read(in);
                case "spec" -> JsonObjects.fields(in, spec);
                case "status" -> JsonObjects.fields(in, this::readStatus);
                default -> in.skipValue();
            }
        }

        private void readStatus(String field, JsonReader in) throws IOException {
            if (field.equals("loadBalancer")) {
                JsonObjects.fields(in, (inner, value) -> {
                    if (inner.equals("ingress")) {
                        ingress = JsonObjects.list(value, ServiceReader::ingress);
                    } else {
                        value.skipValue();
                    }
                });
            } else {
                in.skipValue();
            }
        }
    }

    private static Ingress ingress(JsonReader in) throws IOException {
        String[] found = {"", ""};
        JsonObjects.fields(in, (field, value) -> {
            switch (field) {
                case "ip" -> found[0] = value.nextString();
                case "ipMode" -> found[1] = value.nextString();
                default -> value.skipValue();
            }
        });
        return new Ingress(found[0], found[1]);
    }

    private static final class SpecFields implements JsonObjects.FieldReader {

        private String type = "ClusterIP";
        private Optional<String> loadBalancerClass = Optional.empty();
        private Optional<String> loadBalancerIp = Optional.empty();
        private List<String> families = List.of();
        private String familyPolicy = "";
        private String clusterIp = "";
        private List<String> clusterIps = List.of();
        private List<Port> ports = List.of();
        private boolean localTraffic;
        private int healthCheckNodePort;
        private boolean clientIpAffinity;
        private Duration affinity = AFFINITY_DEFAULT;
        private List<String> sourceRanges = List.of();
        private List<String> externalIps = List.of();
        private Map<String, String> selector = Map.of();

        @Override
        public void read(String field, JsonReader in) throws IOException {
            switch (field) {
                case "type" -> type = in.nextString();
                case "loadBalancerClass" -> loadBalancerClass = Optional.of(in.nextString());
                case "loadBalancerIP" ->
                    loadBalancerIp = Optional.of(in.nextString()).filter(text -> !text.isEmpty());
                case "ipFamilies" -> families = JsonObjects.texts(in);
                case "ipFamilyPolicy" -> familyPolicy = in.nextString();
                case "clusterIP" -> clusterIp = in.nextString();
                case "clusterIPs" -> clusterIps = JsonObjects.texts(in);
                case "ports" ->
                    ports = JsonObjects.list(in, SpecFields::port).stream()
                            .flatMap(Optional::stream)
                            .toList();
                case "externalTrafficPolicy" -> localTraffic = in.nextString().equals("Local");
                case "healthCheckNodePort" -> healthCheckNodePort = in.nextInt();
                case "sessionAffinity" -> clientIpAffinity = in.nextString().equals("ClientIP");
                case "sessionAffinityConfig" -> JsonObjects.fields(in, this::readAffinity);
                case "loadBalancerSourceRanges" -> sourceRanges = JsonObjects.texts(in);
                case "externalIPs" -> externalIps = JsonObjects.texts(in);
                case "selector" -> selector = JsonObjects.map(in);
                default -> in.skipValue();
            }
        }

        private void readAffinity(String field, JsonReader in) throws IOException {
            if (field.equals("clientIP")) {
                JsonObjects.fields(in, (inner, value) -> {
                    if (inner.equals("timeoutSeconds")) {
                        affinity = Duration.ofSeconds(Math.clamp(value.nextLong(), 1, 86_400));
                    } else {
                        value.skipValue();
                    }
                });
            } else {
                in.skipValue();
            }
        }

        /** A protocol that we do not know is a port that we do not serve. */
        private static Optional<Port> port(JsonReader in) throws IOException {
            String[] texts = {"", "TCP"};
            int[] numbers = {0, 0};
            JsonObjects.fields(in, (field, value) -> {
                switch (field) {
                    case "name" -> texts[0] = value.nextString();
                    case "protocol" -> texts[1] = value.nextString();
                    case "port" -> numbers[0] = value.nextInt();
                    case "nodePort" -> numbers[1] = value.nextInt();
                    default -> value.skipValue();
                }
            });
            boolean valid = numbers[0] >= 1 && numbers[0] <= 65535 && numbers[1] >= 0 && numbers[1] <= 65535;
            return ApiNames.protocol(texts[1])
                    .filter(_ -> valid)
                    .map(protocol -> new Port(texts[0], protocol, numbers[0], numbers[1]));
        }

        private Spec finished() {
            List<IpAddress> addresses = addresses(clusterIps.isEmpty() ? List.of(clusterIp) : clusterIps);
            return new Spec(
                    switch (type) {
                        case "LoadBalancer" -> Service.Type.LOAD_BALANCER;
                        case "NodePort" -> Service.Type.NODE_PORT;
                        case "ExternalName" -> Service.Type.EXTERNAL_NAME;
                        default -> Service.Type.CLUSTER_IP;
                    },
                    loadBalancerClass,
                    loadBalancerIp,
                    families(addresses),
                    switch (familyPolicy) {
                        case "RequireDualStack" -> FamilyPolicy.REQUIRE_DUAL_STACK;
                        case "PreferDualStack" -> FamilyPolicy.PREFER_DUAL_STACK;
                        default -> FamilyPolicy.SINGLE_STACK;
                    },
                    addresses,
                    ports,
                    localTraffic,
                    healthCheckNodePort,
                    clientIpAffinity ? Optional.of(affinity) : Optional.empty(),
                    sourceRanges,
                    addresses(externalIps),
                    selector);
        }

        /** An object from before dual stack has no families: then those of its cluster addresses count. */
        private List<IpFamily> families(List<IpAddress> addresses) {
            Set<IpFamily> found = new LinkedHashSet<>();
            for (String family : families) {
                ApiNames.family(family).ifPresent(found::add);
            }
            if (found.isEmpty()) {
                addresses.forEach(address -> found.add(address.family()));
            }
            return found.isEmpty() ? List.of(IpFamily.IPV4) : List.copyOf(found);
        }

        private static List<IpAddress> addresses(List<String> texts) {
            List<IpAddress> found = new ArrayList<>(texts.size());
            texts.forEach(text -> AddressText.parse(text).ifPresent(found::add));
            return found;
        }
    }
}
