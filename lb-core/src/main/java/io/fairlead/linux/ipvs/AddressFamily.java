package io.fairlead.linux.ipvs;

import io.fairlead.core.kernel.MalformedReplyException;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;

/** Address families by the kernel's numbers. */
final class AddressFamily {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private AddressFamily() {}

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

    /** Narrows the 16 bytes of an address attribute down to its family. */
    static IpAddress decode(IpFamily family, IpAddress union) {
        return family == IpFamily.IPV6 ? union : new IpAddress(IpFamily.IPV4, 0, union.high() >>> 32);
    }
}
