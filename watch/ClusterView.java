package io.fairlead.kube.watch;

import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import java.util.List;
import java.util.SortedMap;

/**
 * How the following of a cluster stands.
 *
 * @param server where its API is
 * @param isWhole whether every kind of object was listed since the start; until then what was saved serves
 * @param problems what does not work with the API
 * @param heldBack what the last lists lack and is kept all the same
 * @param services our Services
 */
public record ClusterView(
        String server,
        boolean isWhole,
        List<String> problems,
        List<String> heldBack,
        SortedMap<ObjectName, MappedService> services) {

    public ClusterView {
        problems = List.copyOf(problems);
        heldBack = List.copyOf(heldBack);
    }
}
