package io.fairlead.core.kernel.testing;

import io.fairlead.core.kernel.AnnouncementReport;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.NeighborAnnouncer;
import io.fairlead.core.model.InterfaceAddressKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Remembers what was announced instead of sending it. */
public final class FakeNeighborAnnouncer implements NeighborAnnouncer {

    private final List<InterfaceAddressKey> announced = new ArrayList<>();

    @Override
    public PreparedAnnouncement prepare(
            Collection<InterfaceAddressKey> addresses, List<InterfaceStatus> interfaces, boolean routing) {
        Set<String> withNeighbors = new HashSet<>();
        for (InterfaceStatus status : interfaces) {
            if (status.hardwareAddress().isPresent()) {
                withNeighbors.add(status.name());
            }
        }
        List<InterfaceAddressKey> prepared = addresses.stream()
                .filter(key -> withNeighbors.contains(key.interfaceName()))
                .toList();
        return () -> {
            announced.addAll(prepared);
            return new AnnouncementReport(prepared.size(), List.of());
        };
    }

    /** Returns what was announced since this was last asked, in order. */
    public List<InterfaceAddressKey> takeAnnounced() {
        List<InterfaceAddressKey> taken = List.copyOf(announced);
        announced.clear();
        return taken;
    }
}
