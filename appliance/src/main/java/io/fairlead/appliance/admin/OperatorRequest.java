package io.fairlead.appliance.admin;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/real-server}: what to do with one real server of one virtual server.
 *
 * @param action {@code drain}, {@code disable}, {@code enable} (which ends both), or {@code set-weight}
 * @param weight with set-weight: 0..65535; null for the configured weight again
 * @param timeoutSeconds with drain: how long it may last; null for the drain-timeout of the virtual server
 */
public record OperatorRequest(
        @Nullable String virtualServer,
        @Nullable String realServer,
        @Nullable String action,
        @Nullable Integer weight,
        @Nullable Long timeoutSeconds) {}
