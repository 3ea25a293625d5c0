package io.fairlead.appliance.admin;

import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /v1/ha} is to do: a hand-over, or a change of maintenance.
 *
 * @param router whose addresses are to go; null: all; only without {@code maintenance}
 * @param maintenance null for a hand-over
 */
public record HaRequest(@Nullable String router, @Nullable Boolean maintenance) {}
