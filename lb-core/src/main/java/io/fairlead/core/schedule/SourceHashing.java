package io.fairlead.core.schedule;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Source hashing ({@code ip_vs_sh}): a table of 256 buckets, in which each real server gets as many in a row as its weight,
 * round and round until the table is full.
 *
 * <p>Two things that one would not expect, and the kernel does: a real server of weight 0 has one bucket in each round, and
 * whoever is hashed there is turned away; and the fall-back adds its offset to the client's bucket twice, so that it looks
 * at every bucket, but beginning elsewhere.
 */
final class SourceHashing implements HashScheduler {

    private static final int TABLE_BITS = 8;
    private static final int MASK = (1 << TABLE_BITS) - 1;

    private final IpFamily family;
    private final boolean port;
    private final boolean fallback;
    private final List<Candidate> buckets;

    SourceHashing(IpFamily family, List<Candidate> candidates, boolean port, boolean fallback) {
        this.family = family;
        this.port = port;
        this.fallback = fallback;
        this.buckets = buckets(candidates);
    }

    private static List<Candidate> buckets(List<Candidate> candidates) {
        List<Candidate> buckets = new ArrayList<>(MASK + 1);
        int at = 0;
        int inARow = 0;
        while (!candidates.isEmpty() && buckets.size() <= MASK) {
            Candidate candidate = candidates.get(at);
            buckets.add(candidate);
            inARow++;
            if (inARow >= candidate.weight()) {
                at = (at + 1) % candidates.size();
                inARow = 0;
            }
        }
        return buckets;
    }

    @Override
    public Optional<Candidate> choose(IpAddress client, int clientPort, IpAddress destination) {
        if (buckets.isEmpty()) {
            return Optional.empty();
        }
        int hash = KernelHash.hash32(KernelHash.fold(client, family) + (port ? clientPort : 0), TABLE_BITS);
        Candidate first = buckets.get(hash);
        if (first.isAvailable()) {
            return Optional.of(first);
        }
        for (int offset = 0; fallback && offset <= MASK; offset++) {
            Candidate next = buckets.get((offset + hash & MASK) + hash & MASK);
            if (next.isAvailable()) {
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean readsPort() {
        return port;
    }
}
