package io.fairlead.appliance.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code GET /v1/status}. Fields are only ever added; a change of meaning raises {@code schemaVersion}.
 *
 * @param since when the appliance started, ISO 8601 in UTC, like every time here
 */
public record StatusReport(
        int schemaVersion,
        String node,
        String version,
        String since,
        Kernel kernel,
        Reconcile reconcile,
        List<VirtualServerLine> virtualServers) {

    public static final int SCHEMA_VERSION = 1;

    public StatusReport {
        virtualServers = List.copyOf(virtualServers);
    }

    /**
     * What the kernel says of itself.
     *
     * @param ipvsVersion such as 1.2.1
     */
    public record Kernel(String ipvsVersion, int connectionTableSize) {}

    /**
     * How well the kernel's table follows.
     *
     * @param state {@code in-sync}, or {@code behind} while {@code failing} is tried again
     * @param drift virtual servers found changed by someone else and repaired since the start
     * @param lastChange null when nothing has been changed yet
     * @param lastAudit null when the table has not been read as a whole yet
     */
    public record Reconcile(
            String state,
            long operations,
            long drift,
            long refusals,
            @Nullable String lastChange,
            @Nullable String lastAudit,
            List<String> failing) {

        public Reconcile {
            failing = List.copyOf(failing);
        }
    }

    /**
     * A virtual server.
     *
     * @param service protocol and address, or firewall mark
     * @param connections scheduled since its creation
     * @param healthy how many of its real servers are healthy
     */
    public record VirtualServerLine(
            String name,
            String service,
            String scheduler,
            int healthy,
            long connections,
            long connectionsPerSecond,
            long bytesIn,
            long bytesOut,
            List<RealServerLine> realServers) {

        public VirtualServerLine {
            realServers = List.copyOf(realServers);
        }
    }

    /**
     * A real server of a virtual server.
     *
     * @param health the verdict of its checks, in lower case: healthy, unhealthy, unknown
     * @param reason what its last check said
     * @param since when its health last changed; null while unknown
     * @param weight in the kernel; null when it is not in the kernel's table
     * @param configuredWeight its weight while healthy
     */
    public record RealServerLine(
            String name,
            String address,
            String forwarding,
            String health,
            String reason,
            @Nullable String since,
            @Nullable Integer weight,
            int configuredWeight,
            long activeConnections,
            long inactiveConnections,
            long connections) {}
}
