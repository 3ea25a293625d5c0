package io.fairlead.conf;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.policy.CheckPath;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.ConnectionSpec;
import io.fairlead.health.check.NetworkProbeSpec;
import java.util.Optional;

/**
 * Resolves {@code through-virtual-server} where the virtual server and the real server are known.
 *
 * @param realServer the section of the real server, where problems are reported
 * @param virtualAddress of the virtual server; empty with a firewall mark
 */
record CheckPathReader(Section realServer, Optional<ServerAddress> virtualAddress, ForwardingMethod forwarding) {

    /** Returns what to ask of the real server at {@code address}; with a problem, what is asked without a path. */
    CheckTarget target(HealthChecksReader.Named check, NetworkProbeSpec question, IpAddress address) {
        HealthCheckReader.Level level = check.level();
        Optional<String> problem = problem(level);
        if (problem.isPresent()) {
            realServer.error("", "a health check has " + ConnectionKeys.THROUGH + " " + problem.get());
            return new CheckTarget(new ServerAddress(address, level.port().orElse(1)), check.spec());
        }
        ServerAddress virtual = virtualAddress.orElseThrow();
        ConnectionSpec connection = question.connection();
        long mark = connection.mark() == 0 ? CheckPath.markOf(address, forwarding) : connection.mark();
        return new CheckTarget(
                new ServerAddress(virtual.address(), level.port().orElse(virtual.port())),
                check.spec().withProbe(question.withConnection(connection.through(address, mark))));
    }

    private Optional<String> problem(HealthCheckReader.Level level) {
        if (virtualAddress.isEmpty()) {
            return Optional.of("with a firewall mark (expected: a virtual server with an address)");
        }
        if (!CheckPath.exists(forwarding)) {
            return Optional.of("with forwarding " + forwarding.configName()
                    + " (expected: direct-route or tunnel, where the real server has the virtual address)");
        }
        return level.address().map(other -> "with the address " + other + " (expected: one of them)");
    }
}
