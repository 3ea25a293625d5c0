package io.fairlead.appliance.loop;

import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.RealServerName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Wishes that no peer and no file knows of. A test may put what a peer would have said. */
public final class LonelyWishes implements OperatorWishes {

    private final Map<RealServerName, OperatorOverride> all = new ConcurrentHashMap<>();

    @Override
    public Map<RealServerName, OperatorOverride> all() {
        return Map.copyOf(all);
    }

    @Override
    public void say(RealServerName name, OperatorOverride override) {
        if (override.equals(OperatorOverride.NONE)) {
            all.remove(name);
        } else {
            all.put(name, override);
        }
    }

    @Override
    public void configured(boolean hasPeers, Predicate<RealServerName> isConfigured) {
        if (!hasPeers) {
            all.keySet().removeIf(isConfigured.negate());
        }
    }
}
