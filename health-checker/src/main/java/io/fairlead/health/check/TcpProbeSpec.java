package io.fairlead.health.check;

/** Passes when a TCP connection is established within the time-out. */
public record TcpProbeSpec() implements ProbeSpec {

    @Override
    public String type() {
        return "tcp";
    }
}
