package io.fairlead.kube.json;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.TransportProtocol;
import java.util.Optional;

/** The names that the API has for what we have types for. */
final class ApiNames {

    private ApiNames() {}

    static Optional<TransportProtocol> protocol(String name) {
        return switch (name) {
            case "TCP" -> Optional.of(TransportProtocol.TCP);
            case "UDP" -> Optional.of(TransportProtocol.UDP);
            case "SCTP" -> Optional.of(TransportProtocol.SCTP);
            default -> Optional.empty();
        };
    }

    static Optional<IpFamily> family(String name) {
        return switch (name) {
            case "IPv4" -> Optional.of(IpFamily.IPV4);
            case "IPv6" -> Optional.of(IpFamily.IPV6);
            default -> Optional.empty();
        };
    }
}
