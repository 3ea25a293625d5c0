package io.fairlead.appliance.doctor;

import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code /proc/net/ip_vs}: lines such as {@code TCP  C000020A:0050 wrr}. Pure. */
final class ProcIpvs {

    private ProcIpvs() {}

    /** Returns the virtual servers, in the words of {@link #name}. */
    static List<String> services(List<String> lines) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length < 3) {
                continue;
            }
            switch (words[0]) {
                case "TCP", "UDP", "SCTP" -> found.add(words[0] + " " + address(words[1]));
                case "FWM" -> found.add("FWM " + Long.parseLong(words[1], 16));
                default -> {} // headings and real servers
            }
        }
        return found;
    }

    private static String address(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return address(IpAddress.parse(text.substring(1, end)), text.substring(end + 2));
        }
        int colon = text.indexOf(':');
        return address(
                new IpAddress(IpFamily.IPV4, 0, Long.parseLong(text.substring(0, colon), 16)),
                text.substring(colon + 1));
    }

    private static String address(IpAddress address, String port) {
        return new ServerAddress(address, Integer.parseInt(port, 16)).toString();
    }

    /** Returns the command that removes it. */
    static String removal(String name) {
        String[] words = name.split(" ", -1);
        String option = switch (words[0]) {
            case "TCP" -> "-t";
            case "UDP" -> "-u";
            case "SCTP" -> "--sctp-service";
            default -> "-f";
        };
        return "ipvsadm -D " + option + " " + words[1];
    }

    /** Returns how a virtual server is called here of which the status says {@code service}; empty if it has several ports. */
    static Optional<String> name(String service) {
        String[] words = service.split(" ", -1);
        try {
            return Optional.of(words[0] + " " + ServerAddress.parse(words[1]));
        } catch (IllegalArgumentException e) {
            return words[0].equals("FWM") ? Optional.of(words[0] + " " + words[1]) : Optional.empty();
        }
    }

    /** Returns how a virtual server is called here. The file does not tell the family of a mark. */
    static String name(VirtualServerKey key) {
        return switch (key) {
            case VirtualServerKey.AddressKey(var protocol, var address) -> protocol.name() + " " + address;
            case VirtualServerKey.FwmarkKey mark -> "FWM " + mark.mark();
        };
    }
}
