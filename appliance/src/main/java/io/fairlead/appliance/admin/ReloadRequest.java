package io.fairlead.appliance.admin;

import java.time.Duration;
import java.util.Optional;

/**
 * What is asked of a reload.
 *
 * @param force even if it removes more than the guard of removals allows
 * @param confirmWithin take it back unless it is confirmed in this time; empty for keeping it
 * @param by who or what asks, for the event log
 */
public record ReloadRequest(boolean force, Optional<Duration> confirmWithin, String by) {}
