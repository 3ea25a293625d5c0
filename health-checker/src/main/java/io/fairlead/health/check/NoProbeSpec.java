package io.fairlead.health.check;

/** Asks nothing: the real server always counts as healthy. */
public record NoProbeSpec() implements ProbeSpec {

    @Override
    public String type() {
        return "none";
    }

    @Override
    public boolean needsPort() {
        return false;
    }
}
