package io.fairlead.appliance;

import io.fairlead.appliance.event.EventSubject;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.text.Amount;
import io.fairlead.health.check.CheckTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whose check a target is, by the names of the configuration. The index is made when it is first asked for after a reload,
 * by the thread that asks: always the event log's, so that neither a reload nor a check waits for it.
 */
final class TargetNames {

    private static final int NAMES_MAX = 4;

    private volatile FairleadConfig followed;
    // Owned by the thread that asks.
    private FairleadConfig indexed;
    private Map<CheckTarget, List<RealServerName>> names = Map.of();

    TargetNames(FairleadConfig empty) {
        this.followed = empty;
        this.indexed = empty;
    }

    /** Takes a configuration over. Any thread. */
    void follow(FairleadConfig config) {
        followed = config;
    }

    @SuppressWarnings("ReferenceEquality") // a configuration that was read again is another one
    EventSubject subject(CheckTarget target) {
        FairleadConfig config = followed;
        if (config != indexed) {
            names = index(config);
            indexed = config;
        }
        List<RealServerName> users = names.getOrDefault(target, List.of());
        if (users.isEmpty()) {
            return EventSubject.of(target.toString());
        }
        String shown =
                users.stream().limit(NAMES_MAX).map(RealServerName::toString).collect(Collectors.joining(", "));
        return new EventSubject(
                users.size() > NAMES_MAX ? shown + " and " + Amount.of(users.size() - NAMES_MAX, "other") : shown,
                users.stream().map(RealServerName::virtualServer).distinct().toList());
    }

    private static Map<CheckTarget, List<RealServerName>> index(FairleadConfig config) {
        Map<CheckTarget, List<RealServerName>> index = new HashMap<>();
        for (ConfiguredVirtualServer virtualServer : config.virtualServers()) {
            for (int i = 0; i < virtualServer.checks().size(); i++) {
                RealServerName name = new RealServerName(
                        virtualServer.spec().name(),
                        virtualServer.spec().realServers().get(i).name());
                for (CheckTarget target : virtualServer.checks().get(i).targets()) {
                    index.computeIfAbsent(target, _ -> new ArrayList<>(1)).add(name);
                }
            }
        }
        return index;
    }
}
