package io.fairlead.system.cluster;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Objects of a cluster, as JSON, in namespace {@code shop}. */
public final class Objects {

    private Objects() {}

    /** A Service of type LoadBalancer with port 80. */
    public static String service(String name) {
        return service(name, "");
    }

    /** @param more fields of its specification, each with a comma behind it */
    public static String service(String name, String more) {
        return """
            {"metadata": {"namespace": "shop", "name": "%s"}, "spec": {"type": "LoadBalancer", %s
             "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "ipFamilies": ["IPv4"],
             "ports": [{"name": "http", "port": 80, "protocol": "TCP", "nodePort": 30080}]}}
            """.formatted(name, more);
    }

    /** A slice of ready endpoints with port 80. */
    public static String slice(String service, String name, String... addresses) {
        String endpoints = Arrays.stream(addresses)
                .map(address -> "{\"addresses\": [\"%s\"], \"conditions\": {\"ready\": true}}".formatted(address))
                .collect(Collectors.joining(", "));
        return """
            {"metadata": {"namespace": "shop", "name": "%s", "labels": {"kubernetes.io/service-name": "%s"}},
             "addressType": "IPv4", "ports": [{"name": "http", "protocol": "TCP", "port": 80}], "endpoints": [%s]}
            """.formatted(name, service, endpoints);
    }
}
