package io.fairlead.appliance.admin;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/plan}.
 *
 * @param file an absolute path on the appliance's host; null for the file that the appliance was started with
 */
public record PlanRequest(@Nullable String file) {}
