package io.fairlead.appliance.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code GET /v1/explain}: which real server a client would get.
 *
 * @param found whether the question could be answered at all; if not, {@code reasons} say why
 * @param client as asked for
 * @param scheduler with its flags
 * @param outcome {@code chosen} (a function of the client), {@code refused} (nobody: the client is turned away), or
 *     {@code weighed} (depends on what happens until then)
 * @param realServer the name of the one chosen; null unless {@code chosen}
 * @param address its address; null unless {@code chosen}
 * @param reasons why, in sentences
 * @param weighed what the kernel goes by, in the order of the configuration
 */
public record ExplainReport(
        boolean found,
        String virtualServer,
        String client,
        @Nullable String scheduler,
        @Nullable String outcome,
        @Nullable String realServer,
        @Nullable String address,
        List<String> reasons,
        List<Weighed> weighed) {

    public ExplainReport {
        reasons = List.copyOf(reasons);
        weighed = List.copyOf(weighed);
    }

    /** A real server as the kernel sees it now. */
    public record Weighed(
            String realServer, String address, int weight, long activeConnections, long inactiveConnections) {}

    /** Returns the report of a question that has no answer. */
    public static ExplainReport unanswered(String virtualServer, String client, String reason) {
        return new ExplainReport(false, virtualServer, client, null, null, null, null, List.of(reason), List.of());
    }
}
