package io.fairlead.appliance.loop;

import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.execute.PacketRuleFollower;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.UnsupportedKernelException;
import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.DesiredPacketRules;
import io.fairlead.core.policy.PacketHandling;
import io.fairlead.core.reconcile.NftText;
import io.fairlead.core.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the packet rules in step with the configuration: those that a virtual server needs stand before it gets packets, and
 * go after it. Owned by the loop's thread.
 */
final class PacketRuleKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(PacketRuleKeeper.class);

    private final PacketRuleFollower follower;
    private Collection<ConfiguredVirtualServer> configured = List.of();
    /** In the order in which they left. */
    private final Map<VirtualServerKey, ConfiguredVirtualServer> leaving = new LinkedHashMap<>();

    private SortedSet<IpAddress> quiet = new TreeSet<>();
    /** What is configured, leaving or to be quiet has changed since the rules were made. */
    private boolean unsettled;

    private final RetryPauses pauses = new RetryPauses();
    private Optional<MonotonicInstant> retryAt = Optional.empty();
    private PacketRuleStatus status = PacketRuleStatus.NONE;

    PacketRuleKeeper(PacketRuleFollower follower) {
        this.follower = follower;
    }

    /** Returns whether the kernel holds what the virtual servers need. */
    boolean stands() {
        return follower.stands();
    }

    PacketRuleStatus status() {
        return status;
    }

    /** Returns when to call {@link #retryIfDue}, if something failed. */
    Optional<MonotonicInstant> retryAt() {
        return retryAt;
    }

    /** Returns a reason for each of {@code virtualServers} whose rules this kernel cannot hold. */
    List<String> unsupported(Collection<ConfiguredVirtualServer> virtualServers) {
        List<String> reasons = new ArrayList<>();
        for (ConfiguredVirtualServer virtualServer : virtualServers) {
            if (virtualServer.packets().needsRules()) {
                try {
                    follower.probe(virtualServer.packets().sourceNat());
                } catch (UnsupportedKernelException e) {
                    reasons.add("virtual server " + virtualServer.spec().name() + ": " + e.getMessage());
                }
            }
        }
        return reasons;
    }

    /**
     * Returns in the words of {@code nft} what following {@code virtualServers} would change.
     *
     * @param draining which of today's virtual servers would have to drain first
     */
    List<String> plan(Collection<ConfiguredVirtualServer> virtualServers, List<ConfiguredVirtualServer> draining) {
        List<ConfiguredVirtualServer> going = new ArrayList<>(leaving.values());
        going.addAll(draining);
        return NftText.lines(follower.wanted(), rules(virtualServers, going));
    }

    /** Keeps the rules of a virtual server that is not configured any more, until it is {@link #gone}. */
    void leave(ConfiguredVirtualServer virtualServer) {
        if (virtualServer.packets().needsRules()) {
            leaving.put(virtualServer.spec().key(), virtualServer);
        }
    }

    /** Needs no rules any more for a virtual server that was leaving: it is gone, or configured again. */
    void gone(VirtualServerKey key) {
        if (leaving.remove(key) != null) {
            unsettled = true;
        }
    }

    /** Sends no resets from these addresses, once the rules are settled. */
    void keepQuiet(Collection<IpAddress> addresses) {
        quiet = new TreeSet<>(addresses);
        unsettled = true;
        try {
            follower.probe(false);
        } catch (UnsupportedKernelException e) {
            LOG.warn("Connections that are not known yet are reset after a failover: {}", e.getMessage());
            quiet = new TreeSet<>();
        } catch (KernelException e) {
            LOG.debug("Whether this kernel has nf_tables shows when the rules are written", e);
        }
    }

    /**
     * Brings about the rules that {@code next} needs, beside those for virtual servers that are about to go.
     *
     * @return how often the kernel's table was written
     */
    int prepare(Collection<ConfiguredVirtualServer> next, MonotonicInstant now) {
        configured = next;
        unsettled = true;
        return follow(follower.wanted().extendedBy(rules(next, leaving.values())), now);
    }

    /**
     * Brings about the rules that the virtual servers need that are configured or leaving, and no others.
     *
     * @return how often the kernel's table was written
     */
    int settle(MonotonicInstant now) {
        if (!unsettled) {
            return 0;
        }
        unsettled = false;
        return follow(rules(configured, leaving.values()), now);
    }

    /** What leaves keeps its rules where nobody else has come to claim its packets. Of those that leave the last counts. */
    private PacketRules rules(
            Collection<ConfiguredVirtualServer> configured, Collection<ConfiguredVirtualServer> leaving) {
        PacketRules rules = PacketRules.NONE;
        for (ConfiguredVirtualServer virtualServer : leaving) {
            rules = rules.extendedBy(DesiredPacketRules.of(List.of(virtualServer.packets())));
        }
        if (!rules.isEmpty()) {
            TreeSet<PacketDestination> claimed = new TreeSet<>();
            configured.forEach(virtualServer -> claimed.addAll(virtualServer.destinations()));
            rules = rules.without(claimed);
        }
        List<PacketHandling> handlings = new ArrayList<>();
        for (ConfiguredVirtualServer virtualServer : configured) {
            if (virtualServer.packets().needsRules()) {
                handlings.add(virtualServer.packets());
            }
        }
        return rules.extendedBy(DesiredPacketRules.of(handlings)).keepingQuiet(quiet);
    }

    private int follow(PacketRules rules, MonotonicInstant now) {
        try {
            boolean written = follower.follow(rules);
            succeeded(written, false);
            return written ? 1 : 0;
        } catch (KernelException e) {
            failed(e, now);
            return 0;
        }
    }

    /** Looks whether someone else has changed the rules, and mends them. */
    void audit(MonotonicInstant now) {
        boolean stood = follower.stands();
        try {
            boolean repaired = follower.restore();
            succeeded(repaired, repaired && stood);
            if (repaired && stood) {
                LOG.warn("Packet rules were changed by someone else; repaired destinations={}", status.destinations());
            }
        } catch (KernelException e) {
            failed(e, now);
        }
    }

    void retryIfDue(MonotonicInstant now) {
        if (retryAt.isPresent() && !now.isBefore(retryAt.get())) {
            audit(now);
        }
    }

    private void succeeded(boolean written, boolean drift) {
        pauses.end();
        retryAt = Optional.empty();
        status = new PacketRuleStatus(
                follower.wanted().size(),
                status.writes() + (written ? 1 : 0),
                status.drift() + (drift ? 1 : 0),
                written ? Optional.of(Instant.now()) : status.lastChange(),
                Optional.empty());
    }

    private void failed(KernelException e, MonotonicInstant now) {
        Duration pause = pauses.next();
        retryAt = Optional.of(now.plus(pause));
        status = new PacketRuleStatus(
                follower.wanted().size(),
                status.writes(),
                status.drift(),
                status.lastChange(),
                Optional.of("packet rules: " + e.getMessage()));
        LOG.warn("Packet rules cannot be brought about: {}; trying again in={}", e.getMessage(), pause);
    }
}
