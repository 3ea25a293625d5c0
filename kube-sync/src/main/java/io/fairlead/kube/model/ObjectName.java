package io.fairlead.kube.model;

import java.util.Comparator;

/**
 * What names an object among those of its kind.
 *
 * @param namespace empty for objects of the whole cluster, such as nodes
 */
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {

    private static final Comparator<ObjectName> ORDER =
            Comparator.comparing(ObjectName::namespace).thenComparing(ObjectName::name);

    @Override
    public int compareTo(ObjectName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
