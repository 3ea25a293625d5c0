package io.fairlead.ha.seal;

import java.util.Arrays;

/**
 * Which counters of one boot have been seen: the highest, and the {@value #SIZE} before it. Older ones count as seen, so
 * that nothing is accepted twice however late it comes (RFC 4303 §3.4.3).
 */
final class ReplayWindow {

    /** Datagrams that may overtake one of the same sender before it is refused. */
    static final int SIZE = 1024;

    private final long[] bits = new long[SIZE / Long.SIZE];
    private long highest = -1;

    boolean isFresh(long counter) {
        if (counter < 0) {
            return false;
        }
        if (counter > highest) {
            return true;
        }
        return highest - counter < SIZE && (bits[word(counter)] & bit(counter)) == 0;
    }

    /** Notes that an authentic datagram with this fresh counter came. */
    void mark(long counter) {
        if (counter > highest) {
            forgetBetween(highest, counter);
            highest = counter;
        }
        bits[word(counter)] |= bit(counter);
    }

    private void forgetBetween(long from, long to) {
        long steps = to - from; // unsigned: from is -1 at first
        if (Long.compareUnsigned(steps, SIZE) >= 0) {
            Arrays.fill(bits, 0);
            return;
        }
        for (long step = 1; step <= steps; step++) {
            bits[word(from + step)] &= ~bit(from + step);
        }
    }

    private static int word(long counter) {
        return (int) (counter % SIZE) / Long.SIZE;
    }

    private static long bit(long counter) {
        return 1L << (counter % Long.SIZE);
    }
}
