package io.fairlead.health.check;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Passes when {@code grpc.health.v1.Health/Check} is answered by SERVING within the time-out.
 *
 * @param tls empty for HTTP/2 in the clear
 * @param service the name to ask for; empty for the server as a whole
 * @param host the authority of the request; empty for the target's own address and port
 */
public record GrpcProbeSpec(ConnectionSpec connection, Optional<TlsSpec> tls, String service, Optional<String> host)
        implements NetworkProbeSpec {

    private static final Pattern SERVICE = Pattern.compile("[!-~]{0,1024}");

    public GrpcProbeSpec {
        if (!SERVICE.matcher(service).matches()) {
            throw new IllegalArgumentException("service \"" + service + "\" (expected: visible ASCII)");
        }
    }

    @Override
    public GrpcProbeSpec withConnection(ConnectionSpec other) {
        return new GrpcProbeSpec(other, tls, service, host);
    }

    @Override
    public String type() {
        return "grpc";
    }
}
