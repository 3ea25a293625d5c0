package io.fairlead.kube.model;

import java.util.List;
import java.util.Map;

/**
 * What every object has.
 *
 * @param uid another one after the object was deleted and made again under its name
 * @param resourceVersion to be compared for equality only
 * @param created the time of creation as RFC 3339 text in UTC, which sorts by time; empty if unknown
 * @param deleting its deletion was asked for and waits for the finalizers
 */
public record Metadata(
        ObjectName name,
        String uid,
        String resourceVersion,
        String created,
        boolean deleting,
        List<String> finalizers,
        Map<String, String> labels,
        Map<String, String> annotations) {

    public Metadata {
        finalizers = List.copyOf(finalizers);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
