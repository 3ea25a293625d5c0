package io.fairlead.linux.ipvs;

import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.util.Arrays;

/** Addresses as {@code union nf_inet_addr}: 16 bytes for both families. */
final class AddressBytes {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private AddressBytes() {}

    static int familyNumber(IpFamily family) {
        return family == IpFamily.IPV4 ? AF_INET : AF_INET6;
    }

    static IpFamily family(int number, String kernelName) {
        return switch (number) {
            case AF_INET -> IpFamily.IPV4;
            case AF_INET6 -> IpFamily.IPV6;
            default -> throw new MalformedReplyException(kernelName, 0, number + " (expected: 2 or 10)");
        };
    }

    static byte[] encode(IpAddress address) {
        return Arrays.copyOf(address.toBytes(), 16);
    }

    static IpAddress decode(IpFamily family, byte[] bytes) {
        return IpAddress.ofBytes(Arrays.copyOf(bytes, family.lengthBytes()));
    }
}
