package io.fairlead.core.schedule;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;

/** The hash functions of the kernel that its schedulers use, bit by bit. */
final class KernelHash {

    /** {@code GOLDEN_RATIO_32} of {@code include/linux/hash.h}, since Linux 4.7. */
    private static final int GOLDEN_RATIO = 0x61C88647;

    private KernelHash() {}

    /** {@code hash_32()}: the upper {@code bits} bits of the product. */
    static int hash32(int value, int bits) {
        return (value * GOLDEN_RATIO) >>> (32 - bits);
    }

    /**
     * All bits of an address in 32, as the schedulers fold them for a virtual server of {@code family}. An address of the
     * other family, which real servers behind a tunnel may have, is read by the kernel as if it were of this one.
     */
    static int fold(IpAddress address, IpFamily family) {
        boolean isIpv4 = address.family() == IpFamily.IPV4;
        int first = (int) (isIpv4 ? address.low() : address.high() >>> 32);
        if (family == IpFamily.IPV4 || isIpv4) {
            return first;
        }
        return first ^ (int) address.high() ^ (int) (address.low() >>> 32) ^ (int) address.low();
    }

    /**
     * {@code hsiphash_1u32()} of a 64-bit kernel, which is SipHash-1-3 there, with both halves of the key alike.
     *
     * @return 32 bits
     */
    static int hsiphash(int value, long key) {
        long[] v = {
            0x736f6d6570736575L ^ key, 0x646f72616e646f6dL ^ key, 0x6c7967656e657261L ^ key, 0x7465646279746573L ^ key
        };
        long block = 4L << 56 | Integer.toUnsignedLong(value);
        v[3] ^= block;
        round(v);
        v[0] ^= block;
        v[2] ^= 0xff;
        round(v);
        round(v);
        round(v);
        return (int) (v[0] ^ v[1] ^ v[2] ^ v[3]);
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}
