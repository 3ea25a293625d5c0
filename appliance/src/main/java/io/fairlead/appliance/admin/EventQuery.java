package io.fairlead.appliance.admin;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code GET /v1/events} asks for.
 *
 * @param after only events of higher numbers, the oldest first; empty for the last ones
 * @param most how many
 * @param virtualServer only what concerns it
 * @param patience how long to wait for the first; only with {@code after}
 */
public record EventQuery(OptionalLong after, int most, Optional<String> virtualServer, Duration patience) {}
