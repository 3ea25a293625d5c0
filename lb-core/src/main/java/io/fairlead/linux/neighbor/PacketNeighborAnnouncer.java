package io.fairlead.linux.neighbor;

import io.fairlead.core.kernel.AnnouncementReport;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.NeighborAnnouncer;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.socket.PacketSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Announces addresses through a packet socket: whole frames, so that no route, no neighbour table and no firewall rule of our
 * own has a say. An IPv4 address is announced twice, as an ARP request and as a reply.
 */
public final class PacketNeighborAnnouncer implements NeighborAnnouncer, AutoCloseable {

    private final PacketSocket socket;

    private PacketNeighborAnnouncer(PacketSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens an announcer in this process's network namespace, for one platform thread.
     *
     * @throws ErrnoException if the kernel refuses, as without {@code CAP_NET_RAW}
     */
    public static PacketNeighborAnnouncer open() {
        return new PacketNeighborAnnouncer(PacketSocket.open());
    }

    private record Announcement(InterfaceAddressKey key, PacketSocket.Frame frame) {}

    @Override
    public PreparedAnnouncement prepare(
            Collection<InterfaceAddressKey> addresses, List<InterfaceStatus> interfaces, boolean routing) {
        Map<String, InterfaceStatus> byName = new HashMap<>();
        interfaces.forEach(status -> byName.put(status.name(), status));
        List<Announcement> announcements = new ArrayList<>();
        for (InterfaceAddressKey key : addresses) {
            InterfaceStatus status = byName.get(key.interfaceName());
            if (status != null && status.hardwareAddress().isPresent()) {
                HardwareAddress hardware = status.hardwareAddress().get();
                for (byte[] frame : frames(hardware, key.address(), routing)) {
                    announcements.add(
                            new Announcement(key, socket.frame(frame, status.index(), protocol(key.address()))));
                }
            }
        }
        AnnouncementReport allSent = new AnnouncementReport(announcements.size(), List.of());
        return () -> send(announcements, allSent);
    }

    private static List<byte[]> frames(HardwareAddress hardware, IpAddress address, boolean routing) {
        return address.family() == IpFamily.IPV4
                ? List.of(NeighborFrames.arpRequest(hardware, address), NeighborFrames.arpReply(hardware, address))
                : List.of(NeighborFrames.neighborAdvertisement(hardware, address, routing));
    }

    private static int protocol(IpAddress address) {
        return address.family() == IpFamily.IPV4 ? NeighborFrames.ETH_P_ARP : NeighborFrames.ETH_P_IPV6;
    }

    /** Walks by index: an iterator would be garbage in the one moment that counts. */
    private AnnouncementReport send(List<Announcement> announcements, AnnouncementReport allSent) {
        List<ErrnoException> failures = List.of();
        for (int i = 0; i < announcements.size(); i++) {
            int errno = socket.send(announcements.get(i).frame());
            if (errno != 0) {
                failures = failures.isEmpty() ? new ArrayList<>() : failures;
                failures.add(
                        new ErrnoException("announce " + announcements.get(i).key(), errno, ""));
            }
        }
        return failures.isEmpty() ? allSent : new AnnouncementReport(announcements.size() - failures.size(), failures);
    }

    @Override
    public void close() {
        socket.close();
    }
}
