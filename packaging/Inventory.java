import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes what a package tells about its contents: the bill of materials (CycloneDX) and the licences. Starts from the bill
 * that Maven makes for every processor, takes out what is not in the package, and adds the Java runtime. A library that is
 * not in the bill, or whose licence text is not at hand, is a mistake and ends the build.
 *
 * <p>Run as a source file: {@code java -cp gson.jar Inventory.java BILL LIBRARIES RUNTIME LICENCES TARGET}
 */
final class Inventory {

    private static final String OWN_GROUP = "io.fairlead";
    private static final String APACHE = "Apache-2.0";

    private Inventory() {}

    public static void main(String[] arguments) throws IOException {
        Path bill = Path.of(arguments[0]);
        Path libraries = Path.of(arguments[1]);
        Path runtime = Path.of(arguments[2]);
        Path texts = Path.of(arguments[3]);
        Path target = Path.of(arguments[4]);

        JsonObject root = JsonParser.parseString(Files.readString(bill)).getAsJsonObject();
        Set<String> jars = jars(libraries);
        keepOnly(root, jars);
        writeLicences(root, texts, Files.createDirectories(target.resolve("licenses")));
        root.getAsJsonArray("components").add(runtime(runtime));
        Files.writeString(
                target.resolve("sbom.cdx.json"),
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(root) + "\n");
    }

    private static Set<String> jars(Path libraries) throws IOException {
        try (var files = Files.list(libraries)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Leaves the components whose jar is in the package, and what is known of how they depend on each other. */
    private static void keepOnly(JsonObject root, Set<String> jars) {
        Set<String> missing = new TreeSet<>(jars);
        Set<String> references = new TreeSet<>();
        references.add(root.getAsJsonObject("metadata")
                .getAsJsonObject("component")
                .get("bom-ref")
                .getAsString());
        JsonArray kept = new JsonArray();
        for (JsonElement element : root.getAsJsonArray("components")) {
            JsonObject component = element.getAsJsonObject();
            if (jars.contains(jar(component))) {
                missing.remove(jar(component));
                references.add(text(component, "bom-ref"));
                kept.add(component);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("not in the bill of materials: " + missing);
        }
        root.add("components", kept);

        JsonArray dependencies = new JsonArray();
        for (JsonElement element : root.getAsJsonArray("dependencies")) {
            JsonObject dependency = element.getAsJsonObject();
            if (references.contains(text(dependency, "ref"))) {
                JsonArray on = new JsonArray();
                dependency.getAsJsonArray("dependsOn").forEach(reference -> {
                    if (references.contains(reference.getAsString())) {
                        on.add(reference);
                    }
                });
                dependency.add("dependsOn", on);
                dependencies.add(dependency);
            }
        }
        root.add("dependencies", dependencies);
    }

    /** Returns the name of a component's file, from its package URL: {@code pkg:maven/G/NAME@VERSION?classifier=C&type=jar}. */
    private static String jar(JsonObject component) {
        String classifier = text(component, "purl")
                .replaceFirst("^[^?]*\\??", "")
                .lines()
                .flatMap(query -> List.of(query.split("&")).stream())
                .filter(parameter -> parameter.startsWith("classifier="))
                .map(parameter -> "-" + parameter.substring("classifier=".length()))
                .collect(Collectors.joining());
        return text(component, "name") + "-" + text(component, "version") + classifier + ".jar";
    }

    private static void writeLicences(JsonObject root, Path texts, Path target) throws IOException {
        TreeMap<String, String> lines = new TreeMap<>();
        for (JsonElement element : root.getAsJsonArray("components")) {
            JsonObject component = element.getAsJsonObject();
            if (!text(component, "group").equals(OWN_GROUP)) {
                List<String> licences = licences(component);
                Path from = licenceText(component, licences, texts);
                Files.copy(from, target.resolve(from.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                String name = text(component, "name") + " " + text(component, "version");
                lines.put(name, "%-52s %-14s %s".formatted(name, licences.getFirst(), from.getFileName()));
            }
        }
        Files.copy(texts.resolve("libffi.txt"), target.resolve("libffi.txt"), StandardCopyOption.REPLACE_EXISTING);
        lines.put("libffi", "%-52s %-14s %s".formatted("libffi, within the native part of jffi", "MIT", "libffi.txt"));
        Files.writeString(target.resolve("README"), """
            The libraries in /usr/lib/fairlead/lib, the licence each is used under, and the file here with its text.
            The licences of the Java runtime are in /usr/lib/fairlead/runtime/legal.

            """ + String.join("\n", lines.values()) + "\n");
    }

    private static List<String> licences(JsonObject component) {
        List<String> names = new ArrayList<>();
        JsonArray licences = component.has("licenses") ? component.getAsJsonArray("licenses") : new JsonArray();
        for (JsonElement element : licences) {
            JsonObject licence = element.getAsJsonObject();
            if (licence.has("expression")) {
                names.add(text(licence, "expression"));
            } else {
                JsonObject named = licence.getAsJsonObject("license");
                names.add(text(named, named.has("id") ? "id" : "name"));
            }
        }
        // Where there is a choice, this one.
        return names.contains(APACHE) ? List.of(APACHE) : names;
    }

    /** Returns the file with the text: of the library's own name, or of what stands before its first hyphens. */
    private static Path licenceText(JsonObject component, List<String> licences, Path texts) {
        if (licences.equals(List.of(APACHE))) {
            return texts.resolve(APACHE + ".txt");
        }
        String name = text(component, "name");
        for (String stem = name; !stem.isEmpty(); stem = stem.substring(0, Math.max(0, stem.lastIndexOf('-')))) {
            Path text = texts.resolve(stem + ".txt");
            if (Files.exists(text)) {
                return text;
            }
        }
        throw new IllegalStateException("no licence text for " + name + " " + licences
                + " (expected: packaging/src/licenses/" + name + ".txt)");
    }

    private static JsonObject runtime(Path runtime) throws IOException {
        Properties release = new Properties();
        try (var in = Files.newBufferedReader(runtime.resolve("release"))) {
            release.load(in);
        }
        String version = release.getProperty("JAVA_VERSION").replace("\"", "");
        JsonObject licence = new JsonObject();
        licence.addProperty("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
        JsonArray licences = new JsonArray();
        licences.add(licence);
        JsonObject component = new JsonObject();
        component.addProperty("type", "platform");
        component.addProperty("bom-ref", "pkg:generic/openjdk@" + version);
        component.addProperty("name", "openjdk");
        component.addProperty("version", version);
        component.addProperty(
                "description",
                "Java runtime, linked of: " + release.getProperty("MODULES").replace("\"", ""));
        component.add("licenses", licences);
        component.addProperty("purl", "pkg:generic/openjdk@" + version);
        return component;
    }

    private static String text(JsonObject object, String name) {
        return object.has(name) ? object.get(name).getAsString() : "";
    }
}
