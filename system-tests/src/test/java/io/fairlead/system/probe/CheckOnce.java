package io.fairlead.system.probe;

import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.CheckTarget;
import io.fairlead.health.check.TargetChange;
import io.fairlead.health.netty.HealthChecker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks what a file of configuration names and prints the first result of each virtual server. */
final class CheckOnce {

    private CheckOnce() {}

    public static void main(String[] arguments) throws InterruptedException {
        ConfigOutcome outcome = ConfigFile.load(Path.of(arguments[0]));
        if (!(outcome instanceof ConfigOutcome.Accepted accepted)) {
            throw new IllegalArgumentException(outcome.toString());
        }
        List<ConfiguredVirtualServer> servers =
                new ArrayList<>(accepted.config().virtualServers());
        Set<CheckTarget> targets = new HashSet<>();
        servers.forEach(server -> targets.addAll(server.targets()));
        try (HealthChecker checker = new HealthChecker((_, _, _) -> {})) {
            checker.update(TargetChange.begin(targets));
            while (!servers.isEmpty()) {
                servers.removeIf(server -> printed(checker, server));
                Thread.sleep(20);
            }
        }
    }

    private static boolean printed(HealthChecker checker, ConfiguredVirtualServer server) {
        Optional<CheckResult> result =
                checker.stateOf(server.targets().iterator().next()).lastResult();
        result.ifPresent(known -> System.out.println(server.spec().name() + ": "
                + switch (known) {
                    case CheckResult.Passed _ -> "passed, ";
                    case CheckResult.Failed failed -> "failed " + failed.reason() + ", ";
                }
                + known.detail()
                + known.certificateExpires()
                        .map(expires -> ", certificate valid for "
                                + Duration.between(Instant.now(), expires).toDays() + " days")
                        .orElse("")));
        return result.isPresent();
    }
}
