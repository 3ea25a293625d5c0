package io.fairlead.system.cluster;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What an account may do in a cluster, each as {@code VERB GROUP/RESOURCE}; the group is empty for the core. */
final class Rights {

    private static final Path MANIFEST = Path.of("..", "conf", "examples", "kubernetes-rbac.yaml");

    private Rights() {}

    /** Returns what the manifest grants. */
    static Set<String> granted() throws IOException {
        Set<String> rights = new TreeSet<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(MANIFEST))) {
            if (document instanceof Map<?, ?> object && "ClusterRole".equals(object.get("kind"))) {
                for (Object rule : list(object, "rules")) {
                    Map<?, ?> fields = (Map<?, ?>) rule;
                    for (Object verb : list(fields, "verbs")) {
                        for (Object resource : list(fields, "resources")) {
                            rights.add(verb + " " + list(fields, "apiGroups").getFirst() + "/" + resource);
                        }
                    }
                }
            }
        }
        return rights;
    }

    private static List<?> list(Map<?, ?> object, String field) {
        return (List<?>) requireNonNull(object.get(field), field);
    }

    /** Returns what a request needs, from a line such as {@code GET /api/v1/services?watch=1}. */
    static String neededBy(String line) {
        String method = line.substring(0, line.indexOf(' '));
        String target = line.substring(line.indexOf(' ') + 1);
        String path = target.replaceFirst("\\?.*", "");
        String verb = switch (method) {
            case "GET" -> target.contains("?watch=1") ? "watch" : "list";
            case "PATCH" -> "patch";
            case "POST" -> "create";
            default -> throw new IllegalArgumentException(line);
        };
        String group = path.startsWith("/apis/") ? path.split("/", -1)[2] : "";
        String resource = path.replaceFirst("^/(api|apis/[^/]+)/v1/", "")
                .replaceFirst("^namespaces/[^/]+/", "")
                .replaceFirst("^services/[^/]+/status$", "services/status");
        return verb + " " + group + "/" + resource;
    }
}
