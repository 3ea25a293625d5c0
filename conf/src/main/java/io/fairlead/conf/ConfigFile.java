package io.fairlead.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Loads a configuration file: HOCON with {@code include} and substitutions from the files themselves. The environment is
 * not consulted, so that a file means the same to the service and to whoever checks it in a shell.
 */
public final class ConfigFile {

    private ConfigFile() {}

    /** Returns the configuration, or every mistake in it. Nothing that a file can hold makes this throw. */
    public static ConfigOutcome load(Path file) {
        return load(file, Optional.empty());
    }

    /** Returns the same, with a warning for each file that it names and this host does not have as it should. */
    public static ConfigOutcome loadWithFiles(Path file) {
        return load(file, Optional.empty(), true);
    }

    /** @param origins where to note the place of every key that is read */
    static ConfigOutcome load(Path file, Optional<Map<String, String>> origins) {
        return load(file, origins, false);
    }

    private static ConfigOutcome load(Path file, Optional<Map<String, String>> origins, boolean lookAtFiles) {
        Problems problems = new Problems();
        Optional<ConfigObject> root = parse(file, problems, sources -> sources.parse(file));
        if (root.isEmpty()) {
            return new ConfigOutcome.Refused(problems.errors());
        }
        Reading reading = new Reading(problems, origins);
        FairleadConfig config = FairleadReader.read(root.get(), reading);
        if (lookAtFiles) {
            reading.files()
                    .forEach(named ->
                            named.fault().ifPresent(fault -> problems.warning(named.origin(), named.key(), fault)));
        }
        return problems.hasErrors()
                ? new ConfigOutcome.Refused(problems.errors())
                : new ConfigOutcome.Accepted(config, problems.warnings());
    }

    /**
     * Returns what {@code file} would mean if {@code text} stood in it; empty if that is worth the least remark.
     *
     * @param text without inclusions and substitutions
     */
    static Optional<FairleadConfig> loadText(Path file, String text) {
        Problems problems = new Problems();
        return parse(file, problems, sources -> sources.parse(file, text))
                .map(root -> FairleadReader.read(root, new Reading(problems, Optional.empty())))
                .filter(config -> !problems.hasErrors() && problems.warnings().isEmpty());
    }

    private static Optional<ConfigObject> parse(
            Path file, Problems problems, Function<SourceFiles, Optional<ConfigObject>> parser) {
        SourceFiles sources = new SourceFiles(problems);
        try {
            Optional<ConfigObject> parsed = parser.apply(sources);
            if (parsed.isEmpty() || !SubstitutionSize.hasSubstitutions(sources.texts())) {
                return parsed;
            }
            if (SubstitutionSize.mayExceed(SourceFiles.TOTAL_BYTES_MAX, sources.texts())) {
                problems.error(file, 0, "substitutions may grow too large (expected: at most 64 MiB)");
                return Optional.empty();
            }
            Config resolved = parsed.get().toConfig().resolve(ConfigResolveOptions.noSystem());
            return Optional.of(resolved.root());
        } catch (ConfigException e) {
            ParseFailure.report(problems, file, e);
        } catch (StackOverflowError e) {
            // The library recurses along dotted keys and chains of substitutions; its stack is gone, ours is whole.
            problems.error(file, 0, "nested too deeply to be parsed");
        }
        return Optional.empty();
    }
}
