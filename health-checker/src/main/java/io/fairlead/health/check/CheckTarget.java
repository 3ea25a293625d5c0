package io.fairlead.health.check;

import io.fairlead.core.net.ServerAddress;

/**
 * One thing to check. Every virtual server that wants the same question asked of the same address has an equal target and
 * shares its probes.
 *
 * @param address where to ask; port 0 (every port) only where nothing is asked of a port
 */
public record CheckTarget(ServerAddress address, CheckSpec spec) {

    public CheckTarget {
        if (address.port() == 0 && spec.probe().needsPort()) {
            throw new IllegalArgumentException(
                    spec.probe().type() + " check of " + address + ": port 0 (expected: 1..65535, or no check)");
        }
    }

    @Override
    public String toString() {
        String asked = spec.probe().type() + " " + address;
        return spec.probe() instanceof NetworkProbeSpec question
                ? question.connection()
                        .through()
                        .map(through -> asked + " through " + through)
                        .orElse(asked)
                : asked;
    }
}
