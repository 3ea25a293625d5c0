package io.fairlead.core.net;

/** The two internet protocol families. */
public enum IpFamily {
    IPV4(4),
    IPV6(16);

    private final int lengthBytes;

    IpFamily(int lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    /** Returns the length of an address of this family: 4 or 16 bytes. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Returns the length of an address of this family: 32 or 128 bits, the longest prefix. */
    public int lengthBits() {
        return lengthBytes * 8;
    }
}
