package io.fairlead.core.schedule;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.Optional;

/**
 * Destination hashing ({@code ip_vs_dh}): a table of 256 buckets, filled with the real servers in turn, whatever their
 * weight. It looks at the address that is asked and not at the client, so a virtual server of one address has one real
 * server for everybody.
 */
final class DestinationHashing implements HashScheduler {

    private static final int TABLE_BITS = 8;

    private final IpFamily family;
    private final List<Candidate> candidates;

    DestinationHashing(IpFamily family, List<Candidate> candidates) {
        this.family = family;
        this.candidates = List.copyOf(candidates);
    }

    @Override
    public Optional<Candidate> choose(IpAddress client, int clientPort, IpAddress destination) {
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        int bucket = KernelHash.hash32(KernelHash.fold(destination, family), TABLE_BITS);
        return Optional.of(candidates.get(bucket % candidates.size())).filter(Candidate::isAvailable);
    }

    @Override
    public boolean readsPort() {
        return false;
    }
}
