package io.fairlead.linux.ipvs;

import io.fairlead.core.kernel.IpvsConntrack;
import io.fairlead.core.kernel.UnsupportedKernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sysctl of this process's network namespace. It exists while {@code ip_vs} is loaded. */
public final class ConntrackSysctl implements IpvsConntrack {

    private static final Path FILE = Path.of("/proc/sys/net/ipv4/vs/conntrack");

    @Override
    public boolean isOn() {
        try {
            return !Files.readString(FILE).strip().equals("0");
        } catch (IOException e) {
            throw new UnsupportedKernelException(
                    "read sysctl net.ipv4.vs.conntrack: " + e + " (expected: module ip_vs with CONFIG_IP_VS_NFCT)");
        }
    }

    @Override
    public void turnOn() {
        try {
            Files.writeString(FILE, "1");
        } catch (IOException e) {
            throw new UnsupportedKernelException(
                    "set sysctl net.ipv4.vs.conntrack to 1: " + e + " (expected: CONFIG_IP_VS_NFCT, and the right to)");
        }
    }
}
