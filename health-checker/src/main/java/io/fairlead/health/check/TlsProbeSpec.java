package io.fairlead.health.check;

/** Passes when a TLS handshake succeeds within the time-out. */
public record TlsProbeSpec(ConnectionSpec connection, TlsSpec tls) implements NetworkProbeSpec {

    @Override
    public TlsProbeSpec withConnection(ConnectionSpec other) {
        return new TlsProbeSpec(other, tls);
    }

    @Override
    public String type() {
        return "tls";
    }
}
