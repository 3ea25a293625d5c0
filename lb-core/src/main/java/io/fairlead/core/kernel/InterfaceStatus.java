package io.fairlead.core.kernel;

import io.fairlead.core.net.HardwareAddress;
import java.util.Optional;

/**
 * A network interface as the kernel knows it.
 *
 * @param index its number, which does not change while it lives
 * @param up whether it is switched on
 * @param carrier whether it is on and sees its cable: {@code IFF_LOWER_UP}
 * @param mtuBytes the largest packet it sends
 * @param hardwareAddress what neighbours know it by; absent where there are none: loopback, dummy, tunnels
 */
public record InterfaceStatus(
        String name,
        int index,
        boolean up,
        boolean carrier,
        long mtuBytes,
        Optional<HardwareAddress> hardwareAddress) {}
