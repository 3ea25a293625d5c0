package io.fairlead.appliance.admin;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * @param dropped events of the election that found its queue full, since the start
 * @param unreadable hellos of which nothing could be read, since the start
 * @param link the channel to the peers; null without peers
 * @param shared what is shared over it; null without peers
 * @param warm whether it knows enough of connections and real servers to ask for the addresses of a living master
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
        List<RouterLine> routers,
        long dropped,
        long unreadable,
        @Nullable Link link,
        @Nullable Shared shared,
        boolean warm) {

    public HaReport {
        failing = List.copyOf(failing);
        routers = List.copyOf(routers);
    }

    /** Returns the report of an appliance without high availability. */
    public static HaReport none() {
        return empty(null, List.of());
    }

    /** Returns the report of an appliance that is to elect, and cannot. */
    public static HaReport failing(String reason) {
        return empty(null, List.of(reason));
    }

    /** Returns the report of something that was not done. */
    public static HaReport refused(String problem) {
        return empty(problem, List.of());
    }

    private static HaReport empty(@Nullable String problem, List<String> failing) {
        return new HaReport(
                StatusReport.SCHEMA_VERSION,
                problem,
                !failing.isEmpty(),
                "",
                "",
                false,
                0,
                0,
                failing,
                List.of(),
                0,
                0,
                null,
                null,
                false);
    }

    /**
     * The channel to the peers, since it was opened.
     *
     * @param listening whether its sockets are open
     * @param refused datagrams that were refused, by reason, in lower case with hyphens; reasons without any are left out
     */
    public record Link(boolean listening, List<LinkLine> peers, SortedMap<String, Long> refused) {

        public Link {
            peers = List.copyOf(peers);
            refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
        }
    }

    /**
     * A peer on the channel.
     *
     * @param proven whether it has proven that it lives; it may be gone since
     * @param unsendable datagrams to it that the kernel did not take
     * @param refusal why what comes from its address is refused, in words for people; null if it is not, or once it has been
     *     heard since
     */
    public record LinkLine(
            String address,
            boolean proven,
            long hellosSent,
            long hellosReceived,
            long unsendable,
            @Nullable String refusal) {}

    /**
     * What peers know together.
     *
     * @param members addresses of the peers that take part now
     * @param wishes how many real servers operators have said something of
     * @param disputed the real servers on whose health the peers have not agreed for a while
     * @param unreadable messages of which nothing could be read
     */
    public record Shared(List<String> members, int wishes, List<String> disputed, long unreadable) {

        public Shared {
            members = List.copyOf(members);
            disputed = List.copyOf(disputed);
        }
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
     * @param changes how often it came to another role since the start
     * @param isolation what its link says while no peer is heard: {@code free}, {@code taken} by another appliance, or that
     *     this one is {@code cut-off}; {@code unknown} while one is heard; null if the link is not asked
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
            List<PeerLine> peers,
            long changes,
            @Nullable String isolation) {

        public RouterLine {
            members = List.copyOf(members);
            addresses = List.copyOf(addresses);
            failed = List.copyOf(failed);
            peers = List.copyOf(peers);
        }

        /** Returns what the link says, in words for people; empty while that is nothing. */
        public String linkSays() {
            return switch (isolation) {
                case "cut-off" -> "no neighbour answers";
                case "taken" -> "another appliance answers for the addresses";
                case null, default -> "";
            };
        }
    }

    /**
     * What a peer says of the router.
     *
     * @param role as above; {@code unheard} if nothing was heard since the start, {@code silent} if not of late,
     *     {@code unreadable} if it is of a release whose hellos this one cannot read
     * @param heardMillis how long ago it was heard last; negative: never
     * @param jitterMillis how unevenly its hellos come
     */
    public record PeerLine(
            String address, boolean witness, String role, int priority, double heardMillis, double jitterMillis) {}
}
