package io.fairlead.kube.json;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML as far as JSON goes: no types of any language, and what looks like a time stays text. */
final class PlainYaml {

    private PlainYaml() {}

    private static final class WithoutTimes extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, INT, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, FLOAT, "-+0123456789.");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }

    /**
     * Returns the documents in {@code text}, each parsed when it is asked for: maps, lists, texts, numbers, truth values.
     *
     * @throws YAMLException if it is not YAML; also while iterating
     */
    static Iterable<Object> documents(String text, int charactersMax) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(charactersMax);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new WithoutTimes())
                .loadAll(text);
    }
}
