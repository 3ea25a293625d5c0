package io.fairlead.appliance.admin;

import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/check}: the real server of a virtual server to ask at once. */
public record CheckRequest(
        @Nullable String virtualServer, @Nullable String realServer) {}
