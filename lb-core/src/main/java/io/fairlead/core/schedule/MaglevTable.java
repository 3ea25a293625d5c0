package io.fairlead.core.schedule;

import java.util.Arrays;

/** The sizes of the table of {@code mh} that a kernel may be built with. */
public final class MaglevTable {

    /** The numbers of slots, from {@code CONFIG_IP_VS_MH_TAB_INDEX} 8 on. */
    private static final int[] PRIMES = {251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071};

    private static final int INDEX_MIN = 8;

    private MaglevTable() {}

    /** Returns how many slots a kernel built with {@code CONFIG_IP_VS_MH_TAB_INDEX=index} has. */
    public static int slots(int index) {
        if (index < INDEX_MIN || index >= INDEX_MIN + PRIMES.length) {
            throw new IllegalArgumentException("index: " + index + " (expected: 8..17)");
        }
        return PRIMES[index - INDEX_MIN];
    }

    /** The reverse. */
    static int index(int slots) {
        int at = Arrays.binarySearch(PRIMES, slots);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "slots: " + slots + " (expected: one of " + Arrays.toString(PRIMES) + ")");
        }
        return at + INDEX_MIN;
    }
}
