package io.fairlead.appliance.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of the state file. Keys and times are text that people can read; a field that a later version adds is ignored
 * by an earlier one.
 *
 * @param virtualServers those that we made or adopted, and that may be in the kernel
 * @param overrides what counts of {@code wishes}; all there is in files of versions without those
 * @param addresses what we put on interfaces; null in files of versions that put none
 * @param sysctls what we changed of the settings of the kernel; null in files of versions that changed none
 * @param wishes what operators said about real servers, here or on a peer; null in files of versions that shared nothing
 */
public record SavedState(
        List<VirtualServerEntry> virtualServers,
        List<OverrideEntry> overrides,
        @Nullable AddressEntries addresses,
        @Nullable SysctlEntries sysctls,
        @Nullable WishEntries wishes) {

    public static final SavedState EMPTY = new SavedState(List.of(), List.of(), null, null, null);

    /**
     * Addresses of ours.
     *
     * @param bootId of the machine when they were put there; after a boot they are gone
     * @param keys such as {@code 192.0.2.10/32 dev eth0}
     */
    public record AddressEntries(String bootId, List<String> keys) {

        public AddressEntries {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Settings of the kernel that we changed.
     *
     * @param bootId of the machine when they were changed; after a boot they are as the machine sets them
     */
    public record SysctlEntries(String bootId, List<SysctlEntry> changed) {

        public SysctlEntries {
            changed = List.copyOf(changed);
        }
    }

    /**
     * One setting.
     *
     * @param before its value before us
     * @param ours what we set it to
     */
    public record SysctlEntry(String name, String before, String ours) {}

    public SavedState {
        virtualServers = List.copyOf(virtualServers);
        overrides = List.copyOf(overrides);
    }

    /**
     * One virtual server of ours.
     *
     * @param key such as {@code TCP 192.0.2.10:443} or {@code FWM 7 IPV4}
     * @param quorumLost whether its quorum was lost
     */
    public record VirtualServerEntry(
            String key, boolean quorumLost, List<DrainEntry> draining, List<RampEntry> starting) {

        public VirtualServerEntry {
            draining = List.copyOf(draining);
            starting = List.copyOf(starting);
        }
    }

    /** A drain under way. Times are ISO 8601 in UTC. */
    public record DrainEntry(String realServer, String cause, String since, String deadline) {}

    /** A slow start under way. */
    public record RampEntry(String realServer, String since) {}

    /**
     * What the operator said about one real server.
     *
     * @param state {@code enabled}, {@code drained} or {@code disabled}
     * @param weight null for none
     * @param drainTimeoutSeconds null for that of the virtual server
     */
    public record OverrideEntry(
            String virtualServer,
            String realServer,
            String state,
            @Nullable Integer weight,
            @Nullable Long drainTimeoutSeconds) {}

    /**
     * The replica of all wishes.
     *
     * @param seen how many changes of each peer are in it
     */
    public record WishEntries(List<SeenEntry> seen, List<WishEntry> all) {

        public WishEntries {
            seen = List.copyOf(seen);
            all = List.copyOf(all);
        }
    }

    /** @param peer its number; 0 for an appliance without peers */
    public record SeenEntry(int peer, long changes) {}

    /** One wish, and which change of which peer made it. */
    public record WishEntry(int peer, long change, OverrideEntry wish) {}
}
