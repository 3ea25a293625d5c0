package io.fairlead.core.reconcile;

import io.fairlead.core.model.Persistence;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.SchedulerFlag;
import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpFamily;
import java.util.stream.Collectors;

/** Renders operations as the {@code ipvsadm} command lines that do the same: for plans, logs and tests alike. */
public final class IpvsAdmText {

    private IpvsAdmText() {}

    /** Returns the command line of {@code op}, without a line end. */
    public static String line(IpvsOp op) {
        return switch (op) {
            case IpvsOp.AddVirtualServer(var virtualServer) -> "ipvsadm -A " + virtualServer(virtualServer);
            case IpvsOp.UpdateVirtualServer(var virtualServer) -> "ipvsadm -E " + virtualServer(virtualServer);
            case IpvsOp.DeleteVirtualServer(var key) -> "ipvsadm -D " + key(key);
            case IpvsOp.AddRealServer(var parent, var realServer) ->
                "ipvsadm -a " + key(parent) + " -r " + realServer(realServer);
            case IpvsOp.UpdateRealServer(var parent, var realServer) ->
                "ipvsadm -e " + key(parent) + " -r " + realServer(realServer);
            case IpvsOp.DeleteRealServer(var parent, var key) -> "ipvsadm -d " + key(parent) + " -r " + key;
        };
    }

    private static String key(VirtualServerKey key) {
        return switch (key) {
            case VirtualServerKey.AddressKey(var protocol, var address) ->
                switch (protocol) {
                            case TCP -> "-t ";
                            case UDP -> "-u ";
                            case SCTP -> "--sctp-service ";
                        }
                        + address;
            case VirtualServerKey.FwmarkKey(var family, var mark) ->
                "-f " + mark + (family == IpFamily.IPV6 ? " -6" : "");
        };
    }

    private static String virtualServer(VirtualServer virtualServer) {
        StringBuilder text =
                new StringBuilder(key(virtualServer.key())).append(" -s ").append(virtualServer.scheduler());
        if (!virtualServer.schedulerFlags().isEmpty()) {
            text.append(" -b ")
                    .append(virtualServer.schedulerFlags().stream()
                            .sorted()
                            .map(SchedulerFlag::configName)
                            .collect(Collectors.joining(",")));
        }
        virtualServer
                .persistence()
                .ifPresent(persistence -> text.append(persistence(persistence, virtualServer.key())));
        if (virtualServer.onePacketScheduling()) {
            text.append(" -o");
        }
        return text.toString();
    }

    private static String persistence(Persistence persistence, VirtualServerKey key) {
        String text = " -p " + persistence.timeout().toSeconds();
        if (persistence.prefixLength() != key.family().lengthBits()) {
            text += " -M "
                    + (key.family() == IpFamily.IPV6
                            ? Integer.toString(persistence.prefixLength())
                            : dottedNetmask(persistence.prefixLength()));
        }
        return text + persistence.engine().map(engine -> " --pe " + engine).orElse("");
    }

    private static String dottedNetmask(int prefixLength) {
        int mask = prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
        return (mask >>> 24) + "." + (mask >>> 16 & 0xff) + "." + (mask >>> 8 & 0xff) + "." + (mask & 0xff);
    }

    private static String realServer(RealServer realServer) {
        StringBuilder text = new StringBuilder()
                .append(realServer.key())
                .append(' ')
                .append(forwarding(realServer))
                .append(" -w ")
                .append(realServer.weight());
        if (realServer.thresholds().upper() > 0) {
            text.append(" -x ").append(realServer.thresholds().upper());
        }
        if (realServer.thresholds().lower() > 0) {
            text.append(" -y ").append(realServer.thresholds().lower());
        }
        return text.toString();
    }

    private static String forwarding(RealServer realServer) {
        return switch (realServer.forwarding()) {
            case MASQUERADE -> "-m";
            case DIRECT_ROUTE -> "-g";
            case TUNNEL -> "-i" + tunnel(realServer.tunnel());
            case LOCAL -> "-g"; // ipvsadm has no option of its own: the kernel finds out that the address is local
        };
    }

    private static String tunnel(Tunnel tunnel) {
        if (tunnel.equals(Tunnel.IPIP)) {
            return "";
        }
        return " --tun-type " + tunnel.encapsulation().configName()
                + (tunnel.port() == 0 ? "" : " --tun-port " + tunnel.port())
                + switch (tunnel.checksum()) {
                    case NONE -> " --tun-nocsum";
                    case FULL -> " --tun-csum";
                    case REMOTE -> " --tun-remcsum";
                };
    }
}
