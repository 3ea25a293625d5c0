package io.fairlead.health.netty;

import io.fairlead.health.check.CheckResult;
import java.time.Duration;
import java.time.Instant;

/**
 * One result of the past, for people to read.
 *
 * @param at when the probe ended
 * @param detail the operator's phrase, as {@link CheckResult#detail}
 */
public record PastResult(Instant at, boolean passed, String detail, Duration elapsed) {}
