package io.fairlead.appliance.admin;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code GET /v1/status}. Fields are only ever added; a change of meaning raises {@code schemaVersion}.
 *
 * @param since when the appliance started, ISO 8601 in UTC, like every time here
 * @param roles of virtual routers and sync groups
 * @param guard of a reload that is to be confirmed, or was taken back; null if none is
 */
public record StatusReport(
        int schemaVersion,
        String node,
        String version,
        String since,
        Kernel kernel,
        Reconcile reconcile,
        Checks checks,
        PacketRules packetRules,
        List<VirtualServerLine> virtualServers,
        List<LeavingLine> leaving,
        Addresses addresses,
        Host host,
        List<RoleLine> roles,
        @Nullable GuardLine guard) {

    public static final int SCHEMA_VERSION = 1;

    public StatusReport {
        virtualServers = List.copyOf(virtualServers);
        leaving = List.copyOf(leaving);
        roles = List.copyOf(roles);
    }

    /**
     * What the election has made of a virtual router or a sync group; {@code GET /v1/ha} tells more.
     *
     * @param role {@code master}, {@code backup}, {@code fault}, and others that do not last
     * @param since when it came to its role
     * @param cause why
     */
    public record RoleLine(String name, String role, String since, String cause) {}

    /**
     * A reload that somebody has, or had, to confirm.
     *
     * @param phase {@code pending}, or {@code taken-back} until the file is read again
     * @param deadline when it is, or was, taken back
     */
    public record GuardLine(String phase, String deadline) {}

    /**
     * The virtual addresses.
     *
     * @param drift how many others took away or changed, and were put back, since the start
     * @param failing what cannot be done and is tried again
     */
    public record Addresses(List<AddressLine> addresses, long drift, List<String> failing) {

        public static final Addresses NONE = new Addresses(List.of(), 0, List.of());

        public Addresses {
            addresses = List.copyOf(addresses);
            failing = List.copyOf(failing);
        }
    }

    /**
     * What balancing needs of the host beside the table.
     *
     * @param sysctls the settings of the kernel that the configuration wants
     * @param drift how often others changed one of them, and it was set again, since the start
     * @param modules the modules of the kernel that the configuration uses
     * @param failing what cannot be done and is tried again, and which modules are missing
     */
    public record Host(List<SysctlLine> sysctls, long drift, List<ModuleLine> modules, List<String> failing) {

        public static final Host NONE = new Host(List.of(), 0, List.of(), List.of());

        public Host {
            sysctls = List.copyOf(sysctls);
            modules = List.copyOf(modules);
            failing = List.copyOf(failing);
        }
    }

    /**
     * A setting of the kernel.
     *
     * @param value what the kernel has; null if it has no such setting
     * @param before what it was before we changed it; null if it was as wanted
     */
    public record SysctlLine(
            String name,
            String wanted,
            @Nullable String value,
            @Nullable String before) {}

    /**
     * A module of the kernel.
     *
     * @param state {@code loaded} (or built in), {@code available} (loaded by the kernel when first used), {@code missing},
     *     {@code unknown} (not loaded, and the host does not show which it has)
     */
    public record ModuleLine(String name, String state) {}

    /**
     * A virtual address.
     *
     * @param set the name of its set in the configuration; empty if it left the configuration
     * @param address with its prefix length
     * @param state {@code present}, {@code foreign} (put there by somebody else), {@code unusable} (the kernel looks for, or
     *     found, a duplicate), {@code missing}, {@code leaving}
     */
    public record AddressLine(String set, String address, String interfaceName, String state) {}

    /** A virtual server that left the configuration and drains. */
    public record LeavingLine(String service, List<DrainLine> draining) {

        public LeavingLine {
            draining = List.copyOf(draining);
        }
    }

    /**
     * A drain under way.
     *
     * @param cause {@code operator} or {@code removed}
     * @param deadline when it ends whatever is still open
     */
    public record DrainLine(
            String address, String cause, String deadline, long activeConnections, long inactiveConnections) {}

    /**
     * What the policy makes of a virtual server.
     *
     * @param quorum {@code held}, {@code lost}, or {@code undecided} while too little is known
     * @param sorryServer its address; null if there is none
     * @param isSorry whether the sorry server answers now
     * @param draining what drains and is not configured any more
     */
    public record PoolLine(String quorum, @Nullable String sorryServer, boolean isSorry, List<DrainLine> draining) {

        public PoolLine {
            draining = List.copyOf(draining);
        }
    }

    /**
     * What the policy makes of a real server.
     *
     * @param admin what the operator wants: {@code enabled}, {@code drained}, {@code disabled}
     * @param adminWeight the weight that the operator gave it; null for none
     * @param phase {@code draining}, {@code drained}, {@code starting}; null for none of these
     * @param until when a drain ends whatever is open, or a slow start is over; else null
     */
    public record MemberLine(
            String admin,
            @Nullable Integer adminWeight,
            @Nullable String phase,
            @Nullable String until) {

        /** Enabled, and nothing to say. */
        public static final MemberLine PLAIN = new MemberLine("enabled", null, null, null);
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
     * @param contested virtual servers that someone else changes again and again
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
            List<String> contested,
            List<String> failing) {

        public Reconcile {
            contested = List.copyOf(contested);
            failing = List.copyOf(failing);
        }
    }

    /**
     * How well the rules of nf_tables follow.
     *
     * @param state {@code none} where no virtual server needs any, {@code in-sync}, or {@code behind}
     * @param destinations how many addresses and ports the rules speak of, each time they do
     * @param drift how often they were found changed by someone else and repaired since the start
     * @param lastChange null when nothing has been written yet
     * @param failing null when all is well
     */
    public record PacketRules(
            String state,
            int destinations,
            long writes,
            long drift,
            @Nullable String lastChange,
            @Nullable String failing) {

        public static final PacketRules NONE = new PacketRules("none", 0, 0, 0, null, null);
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
            List<RealServerLine> realServers,
            PoolLine pool) {

        public VirtualServerLine {
            realServers = List.copyOf(realServers);
        }
    }

    /**
     * A real server of a virtual server.
     *
     * @param health the verdict of its checks, in lower case: healthy, unhealthy, unknown
     * @param reason what its last check said; with several checks, what those said that decided
     * @param since when its health last changed; null while unknown
     * @param weight in the kernel; null when it is not in the kernel's table
     * @param configuredWeight its weight while healthy, unless a check asks for another
     * @param requires {@code all} or {@code any} of the checks
     * @param checks by name
     * @param disputed whether peers have not agreed on its health for a while
     * @param peers what the checks of the peers say of it
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
            long connections,
            MemberLine member,
            String requires,
            List<CheckLine> checks,
            boolean disputed,
            List<PeerVerdictLine> peers) {

        public RealServerLine {
            checks = List.copyOf(checks);
            peers = List.copyOf(peers);
        }
    }

    /**
     * What the checks of a peer say of a real server.
     *
     * @param peer its address
     * @param health healthy, unhealthy, unknown
     * @param since when that began there
     */
    public record PeerVerdictLine(String peer, String health, String since) {}

    /**
     * Some probes.
     *
     * @param withinMillis they began at most so late, and later than the step before; null for those later than all steps
     */
    public record LatenessStep(@Nullable Long withinMillis, long probes) {}

    /**
     * A check of a real server.
     *
     * @param name empty where the only check was given none
     * @param type such as tcp or http
     * @param health its own verdict, in lower case
     * @param reason what its last probe said, and what keeps an unhealthy real server down
     * @param since when its verdict last changed; null while it never did
     * @param millis how long its last probe took; null before the first
     * @param weight what it asks for in place of the configured weight; null for nothing
     * @param passes in a row, up to now
     * @param failures in a row, up to now
     * @param falls how often it fell lately; only with damping
     * @param certificate what the real server showed last; null if it showed none
     * @param recent its last results, the newest first
     */
    public record CheckLine(
            String name,
            String type,
            String health,
            String reason,
            @Nullable String since,
            @Nullable Double millis,
            @Nullable Integer weight,
            int passes,
            int failures,
            int falls,
            @Nullable CertificateLine certificate,
            List<ResultLine> recent) {

        public CheckLine {
            recent = List.copyOf(recent);
        }
    }

    /**
     * A certificate of a real server.
     *
     * @param expires when it does, or did
     * @param daysLeft until then, rounded down; negative once it has expired
     */
    public record CertificateLine(String expires, long daysLeft) {}

    /**
     * One result of the past.
     *
     * @param at when the probe ended
     */
    public record ResultLine(String at, boolean passed, String reason, double millis) {}

    /**
     * What the checks of all real servers have done since the start.
     *
     * @param targets how many are checked, each once however many virtual servers ask
     * @param failedBy the failed ones by reason, in lower case; reasons that never occurred are left out
     * @param ownFaults checks that this host could not make, in neither of the two
     * @param delayed probes that waited, as too many were open
     * @param late probes that began more than 100 ms after their time, or were dropped
     * @param open probes open at this moment
     * @param lateness how late probes began after their time, by steps
     */
    public record Checks(
            int targets,
            long passed,
            long failed,
            SortedMap<String, Long> failedBy,
            long ownFaults,
            long delayed,
            long late,
            int open,
            List<LatenessStep> lateness) {

        public Checks {
            lateness = List.copyOf(lateness);
            failedBy = Collections.unmodifiableSortedMap(new TreeMap<>(failedBy));
        }
    }
}
