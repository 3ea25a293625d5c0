package io.fairlead.appliance.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be asked of the admin socket, each by its method and path. docs/reference/admin-api.yaml describes them all. */
public enum AdminRoute {
    STATUS("GET /v1/status"),
    EVENTS("GET /v1/events", "after", "most", "virtual-server", "wait"),
    EXPLAIN("GET /v1/explain", "virtual-server", "client", "port"),
    KUBERNETES("GET /v1/kubernetes"),
    HIGH_AVAILABILITY("GET /v1/ha"),
    OPERATE_HIGH_AVAILABILITY("POST /v1/ha"),
    OPERATE_REAL_SERVER("POST /v1/real-server"),
    RELOAD("POST /v1/reload", "force", "confirm-within"),
    CONFIRM("POST /v1/confirm"),
    CHECK("POST /v1/check"),
    PLAN("POST /v1/plan");

    private final String methodAndPath;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> parameters;

    AdminRoute(String methodAndPath, String... parameters) {
        this.methodAndPath = methodAndPath;
        this.parameters = List.of(parameters);
    }

    static Optional<AdminRoute> find(String methodAndPath) {
        return Arrays.stream(values())
                .filter(route -> route.methodAndPath.equals(methodAndPath))
                .findFirst();
    }

    /** Returns them with a blank between: {@code GET /v1/status}. */
    public String methodAndPath() {
        return methodAndPath;
    }

    /** Returns whether it changes nothing and reads no file of the caller's choice. */
    public boolean isReading() {
        return methodAndPath.startsWith("GET ");
    }

    /** Returns the parameters of its query. */
    public List<String> parameters() {
        return parameters;
    }
}
