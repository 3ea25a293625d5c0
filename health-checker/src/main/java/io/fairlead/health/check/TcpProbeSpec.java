package io.fairlead.health.check;

/** Passes when a TCP connection is established within the time-out. */
public record TcpProbeSpec(ConnectionSpec connection) implements NetworkProbeSpec {

    public TcpProbeSpec() {
        this(ConnectionSpec.DEFAULT);
    }

    @Override
    public TcpProbeSpec withConnection(ConnectionSpec other) {
        return new TcpProbeSpec(other);
    }

    @Override
    public String type() {
        return "tcp";
    }
}
