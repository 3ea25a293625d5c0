package io.fairlead.conf;

import io.fairlead.health.check.ProbeSpec;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One type of probe as the configuration has it: its keys beside those that every health check has, how they become a spec,
 * and how a spec is shown as keys again. One class for each type; {@link HealthCheckReader} has the list of them.
 *
 * <p>A key that several types have means the same in all of them, because levels inherit key by key whatever their types.
 */
interface ProbeReader<S extends ProbeSpec> {

    /** Returns the value of the key {@code type} that asks for this type, the same as {@link ProbeSpec#type}. */
    String type();

    /** Returns the keys that this type has beside the common ones. */
    List<String> keys();

    /** Returns the spec; what is wrong has become a problem and is replaced by its default. */
    S read(Section section);

    /** Returns the class of what {@link #read} returns. */
    Class<S> specClass();

    /** Tells {@code line} every key that is in effect, with its value as HOCON. */
    void show(S spec, BiConsumer<String, String> line);
}
