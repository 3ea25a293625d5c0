package io.fairlead.core.schedule;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Maglev hashing ({@code ip_vs_mh}, since Linux 4.18): a table of a prime number of slots, which the real servers take in
 * turn, each by a permutation of its own, as many at a time as its share of the weights.
 *
 * <p>The shares are those of the last weights that were not 0: a real server that drains keeps its slots, so that the
 * clients of the others keep theirs. Who is hashed to it is turned away, unless {@code mh-fallback} looks further.
 */
final class MaglevHashing implements HashScheduler {

    private static final long CLIENT_KEY = 2654435761L;
    private static final long SKIP_KEY = 2654446892L;
    private static final int NOBODY = -1;

    private final IpFamily family;
    private final List<Candidate> candidates;
    private final boolean port;
    private final boolean fallback;
    private final int[] slots;

    MaglevHashing(IpFamily family, List<Candidate> candidates, boolean port, boolean fallback, int slotCount) {
        this.family = family;
        this.candidates = List.copyOf(candidates);
        this.port = port;
        this.fallback = fallback;
        this.slots = fill(slotCount);
    }

    /** Where a real server's permutation stands. */
    private static final class Permutation {
        private final int skip;
        private final int turns;
        private int at;

        Permutation(int at, int skip, int turns) {
            this.at = at;
            this.skip = skip;
            this.turns = turns;
        }
    }

    private int[] fill(int slotCount) {
        int[] filled = new int[slotCount];
        Arrays.fill(filled, NOBODY);
        List<Permutation> permutations = permutations(slotCount);
        if (permutations.stream().noneMatch(permutation -> permutation.turns > 0)) {
            return filled;
        }
        int taken = 0;
        int index = 0;
        while (taken < slotCount) {
            Permutation permutation = permutations.get(index);
            for (int turn = 0; turn < permutation.turns && taken < slotCount; turn++) {
                while (filled[permutation.at] != NOBODY) {
                    permutation.at = (permutation.at + permutation.skip) % slotCount;
                }
                filled[permutation.at] = index;
                taken++;
            }
            index = (index + 1) % permutations.size();
        }
        return filled;
    }

    private List<Permutation> permutations(int slotCount) {
        int divisor = 0;
        int heaviest = 0;
        for (Candidate candidate : candidates) {
            divisor = gcd(candidate.lastWeight(), divisor);
            heaviest = Math.max(heaviest, candidate.lastWeight());
        }
        List<Permutation> permutations = new ArrayList<>(candidates.size());
        int shift = divisor == 0 ? 0 : shift(heaviest / divisor, slotCount);
        for (Candidate candidate : candidates) {
            int identity = KernelHash.fold(candidate.key().address().address(), family)
                    + candidate.key().address().port();
            int weight = candidate.lastWeight();
            int turns = weight == 0 ? 0 : Math.max(1, (weight / divisor) >> shift);
            permutations.add(new Permutation(
                    Integer.remainderUnsigned(KernelHash.hsiphash(identity, CLIENT_KEY), slotCount),
                    Integer.remainderUnsigned(KernelHash.hsiphash(identity, SKIP_KEY), slotCount - 1) + 1,
                    turns));
        }
        return permutations;
    }

    /** Keeps the turns to half the bits of the table's index, so that a large weight does not take the table at once. */
    private static int shift(int share, int slotCount) {
        int tableBits = MaglevTable.index(slotCount) / 2;
        return Math.max(0, 32 - Integer.numberOfLeadingZeros(share) - tableBits);
    }

    private static int gcd(int one, int other) {
        return other == 0 ? one : gcd(other, one % other);
    }

    @Override
    public Optional<Candidate> choose(IpAddress client, int clientPort, IpAddress destination) {
        int identity = KernelHash.fold(client, family) + (port ? clientPort : 0);
        int first = slot(identity);
        int chosen = slots[first];
        if (chosen == NOBODY) {
            return Optional.empty();
        }
        if (candidates.get(chosen).isAvailable()) {
            return Optional.of(candidates.get(chosen));
        }
        for (int offset = 0; fallback && offset < slots.length; offset++) {
            Candidate next = candidates.get(slots[slot(identity + (offset + first) % slots.length)]);
            if (next.isAvailable()) {
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    private int slot(int identity) {
        return Integer.remainderUnsigned(KernelHash.hsiphash(identity, CLIENT_KEY), slots.length);
    }

    @Override
    public boolean readsPort() {
        return port;
    }
}
