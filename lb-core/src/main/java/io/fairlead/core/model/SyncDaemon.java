package io.fairlead.core.model;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;

/**
 * A connection sync daemon of the kernel: a thread that sends the connections of IPVS to a multicast group, or receives them.
 * The kernel neither encrypts nor authenticates what it sends, so its interface must be one that only peers reach.
 *
 * @param interfaceName which interface the group is on
 * @param syncId tells groups of directors apart, 0..255; a backup with 0 takes what any master says
 * @param channel where the daemons of a group meet
 * @param maxLengthBytes the longest message, 0..65535; 0 lets the kernel derive it from the interface
 */
public record SyncDaemon(SyncRole role, String interfaceName, int syncId, Channel channel, int maxLengthBytes) {

    public SyncDaemon {
        if (!InterfaceAddressKey.isName(interfaceName)) {
            throw new IllegalArgumentException(
                    "interface \"" + interfaceName + "\" (expected: 1..15 visible characters without /)");
        }
        requireRange("sync id", syncId, 0, 255);
        requireRange("longest sync message", maxLengthBytes, 0, 65535);
    }

    /** Returns whether {@code running}, as the kernel reports it, is this one: with a length of its own where none is said. */
    public boolean isRunAs(SyncDaemon running) {
        return role == running.role
                && interfaceName.equals(running.interfaceName)
                && syncId == running.syncId
                && channel.equals(running.channel)
                && (maxLengthBytes == 0 || maxLengthBytes == running.maxLengthBytes);
    }

    /**
     * Where sync messages go.
     *
     * @param group a multicast address
     * @param port 1..65535; with several threads the kernel takes those that follow, too
     * @param ttl how many routers a message may pass, 1..255: 1 for none
     */
    public record Channel(IpAddress group, int port, int ttl) {

        /** What the kernel takes where nothing is said: 224.0.0.81, port 8848, no routers. */
        public static final Channel KERNEL_DEFAULT = new Channel(IpAddress.parse("224.0.0.81"), 8848, 1);

        public Channel {
            if (!isMulticast(group)) {
                throw new IllegalArgumentException("sync group " + group + " (expected: a multicast address)");
            }
            requireRange("sync port", port, 1, 65535);
            requireRange("sync ttl", ttl, 1, 255);
        }

        private static boolean isMulticast(IpAddress address) {
            return address.family() == IpFamily.IPV4 ? address.low() >>> 28 == 0xe : address.high() >>> 56 == 0xff;
        }
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
