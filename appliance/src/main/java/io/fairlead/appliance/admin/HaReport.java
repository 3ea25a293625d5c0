package io.fairlead.appliance.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code GET /v1/ha} and {@code POST /v1/ha}. Fields are only ever added.
 *
 * @param problem why what was asked for was not done; null if it was
 * @param configured false for a single appliance: then all else is empty
 * @param self the address by which the peers know this appliance
 * @param latestMillis the most that the election ran late since the start
 * @param late how often it ran later than half an interval
 * @param failing what the kernel refuses now
 */
public record HaReport(
        int schemaVersion,
        @Nullable String problem,
        boolean configured,
        String cluster,
        String self,
        boolean maintenance,
        double latestMillis,
        long late,
        List<String> failing,
        List<RouterLine> routers) {

    public HaReport {
        failing = List.copyOf(failing);
        routers = List.copyOf(routers);
    }

    /** Returns the report of an appliance without high availability. */
    public static HaReport none() {
        return new HaReport(StatusReport.SCHEMA_VERSION, null, false, "", "", false, 0, 0, List.of(), List.of());
    }

    /** Returns the report of something that was not done. */
    public static HaReport refused(String problem) {
        return new HaReport(StatusReport.SCHEMA_VERSION, problem, false, "", "", false, 0, 0, List.of(), List.of());
    }

    /**
     * A virtual router, or a sync group.
     *
     * @param members the routers of a sync group; else the router itself
     * @param role {@code master}, {@code backup}, {@code fault}, {@code candidate}, {@code handing-over}, {@code released},
     *     {@code left}
     * @param since when it came to its role
     * @param cause why
     * @param priority effective
     * @param term of the mastership
     * @param takeovers how often it became master since the start
     * @param failed what it tracks and fails
     */
    public record RouterLine(
            String name,
            int id,
            List<String> members,
            String role,
            String since,
            String cause,
            int priority,
            long term,
            long takeovers,
            List<String> addresses,
            List<String> failed,
            List<PeerLine> peers) {

        public RouterLine {
            members = List.copyOf(members);
            addresses = List.copyOf(addresses);
            failed = List.copyOf(failed);
            peers = List.copyOf(peers);
        }
    }

    /**
     * What a peer says of the router.
     *
     * @param role as above; {@code unheard} if nothing was heard since the start, {@code silent} if not of late
     * @param heardMillis how long ago it was heard last; negative: never
     * @param jitterMillis how unevenly its hellos come
     */
    public record PeerLine(
            String address, boolean witness, String role, int priority, double heardMillis, double jitterMillis) {}
}
