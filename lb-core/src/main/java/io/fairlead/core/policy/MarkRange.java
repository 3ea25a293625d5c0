package io.fairlead.core.policy;

/**
 * The firewall marks that virtual servers of several ports get. IPVS compares the whole mark, so a mark is a number and not
 * a bit: whatever else wants bits in the marks of packets to virtual addresses does not go together with them.
 *
 * @param first 1..{@code last}
 * @param last {@code first}..4294967295
 */
public record MarkRange(long first, long last) {

    /** 268,435,456 marks, of which 1,000 virtual servers share one with a chance of 1 in 537. */
    public static final MarkRange DEFAULT = new MarkRange(0x1000_0000L, 0x1fff_ffffL);

    public static final long MARK_MAX = 0xffff_ffffL;

    public MarkRange {
        if (first < 1 || first > last || last > MARK_MAX) {
            throw new IllegalArgumentException("marks " + first + ".." + last + " (expected: 1.." + MARK_MAX + ")");
        }
    }

    /**
     * Returns the mark for a virtual server of that name: FNV-1a of its UTF-16 units, folded into the range. From the name
     * alone, so that it is the same after a restart, on every peer, and whatever other virtual servers come and go: another
     * mark would be another virtual server in the kernel and cut connections.
     */
    public long of(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32; // the lowest bits alone know little of the first letters
        return first + Long.remainderUnsigned(hash, last - first + 1);
    }
}
