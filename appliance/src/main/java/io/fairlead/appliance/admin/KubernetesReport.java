package io.fairlead.appliance.admin;

import java.util.List;

/**
 * The answer of {@code GET /v1/kubernetes}.
 *
 * @param server where the API is; empty if no cluster is followed
 * @param synced whether all was listed since the start; until then what an earlier run knew serves
 * @param problems what does not work with the API
 * @param heldBack what the last lists lack and is kept all the same, until a reload is forced
 * @param conflicts which virtual servers of the cluster are left out, and why
 */
public record KubernetesReport(
        int schemaVersion,
        boolean enabled,
        String server,
        boolean synced,
        List<String> problems,
        List<String> heldBack,
        List<String> conflicts,
        List<ServiceLine> services) {

    public static final int SCHEMA_VERSION = 1;

    public KubernetesReport {
        problems = List.copyOf(problems);
        heldBack = List.copyOf(heldBack);
        conflicts = List.copyOf(conflicts);
        services = List.copyOf(services);
    }

    /**
     * A Service of ours.
     *
     * @param pool of its first address; empty without one
     * @param problems why it has no address, or what of it is not served
     */
    public record ServiceLine(
            String service,
            List<String> addresses,
            String pool,
            int virtualServers,
            int realServers,
            List<String> problems) {

        public ServiceLine {
            addresses = List.copyOf(addresses);
            problems = List.copyOf(problems);
        }
    }
}
