package io.fairlead.appliance.peers;

import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.appliance.loop.LoopView;
import io.fairlead.appliance.loop.OperatorWishes;
import io.fairlead.appliance.state.SharedTerms;
import io.fairlead.conf.ConfiguredVirtualServer;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.RealServerName;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.text.Amount;
import io.fairlead.ha.peer.PeerGroup;
import io.fairlead.ha.peer.PeerGroupListener;
import io.fairlead.ha.peer.PeerId;
import io.fairlead.ha.replica.SharedState;
import io.fairlead.ha.replica.SharedStateListener;
import io.fairlead.ha.shared.HealthClaim;
import io.fairlead.ha.shared.HealthClaims;
import io.fairlead.ha.shared.Wishes;
import io.fairlead.health.check.CheckTarget;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what all peers know together: takes up wishes of this appliance's operators, follows those of others, tells what the
 * checks here say, and notices where peers see something else. What is said to the group is said on a thread of its own,
 * {@code fairlead-shared}; the loop never waits for it, and the election has nothing to do with it.
 */
public final class SharedKeeper implements OperatorWishes, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedKeeper.class);
    /** Between two looks at all checks, however many change. */
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** Also when nobody says that something has changed: a slow start begins silently. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(5);
    /** Of one look; the others are counted. */
    private static final int DISPUTE_EVENTS_MAX = 20;

    private final SharedState state;
    private final EventSink events;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("fairlead-shared").daemon().factory());
    private final AtomicBoolean lookPending = new AtomicBoolean();
    private volatile Optional<Source> source = Optional.empty();
    private volatile Optional<Membership> membership = Optional.empty();
    private volatile Disputes disputes = Disputes.NONE;
    /** Owned by the thread, as below. */
    private OwnClaims own = OwnClaims.NONE;

    private Map<RealServerName, MemberState.Serving> ramps = Map.of();

    /** Where the state of this appliance is asked for. */
    private record Source(
            Supplier<CompletableFuture<LoopView>> loop,
            Function<CheckTarget, Verdict> verdicts,
            Consumer<String> wishesChanged,
            Consumer<Map<RealServerName, MemberState.Serving>> masterChanged) {}

    /** @param expected the configured peers, without this appliance */
    private record Membership(
            PeerId self,
            PeerGroup group,
            Set<PeerId> expected,
            Function<ConfiguredVirtualServer, Optional<PeerId>> master) {}

    /**
     * Is alone until {@link #join}.
     *
     * @param remembered what an earlier process knew
     * @param memory told what a later one should know; must not block
     */
    public SharedKeeper(Wishes remembered, Consumer<Wishes> memory, EventSink events) {
        this.events = events;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        state = new SharedState(
                remembered, new Changes(memory), this::hand, System::currentTimeMillis, System::nanoTime);
    }

    /**
     * Begins to look at what the checks say.
     *
     * @param loop asks how things stand
     * @param verdicts what the checks say of a target now
     * @param wishesChanged told, with who said so, when operators on peers want something else; must not block
     * @param masterChanged told how real servers that start slowly stand at their masters, when that changes; must not block
     */
    public void begin(
            Supplier<CompletableFuture<LoopView>> loop,
            Function<CheckTarget, Verdict> verdicts,
            Consumer<String> wishesChanged,
            Consumer<Map<RealServerName, MemberState.Serving>> masterChanged) {
        source = Optional.of(new Source(loop, verdicts, wishesChanged, masterChanged));
        thread.scheduleWithFixedDelay(
                this::lookSoon, LOOK_AGAIN.toMillis(), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Who is to be told what comes from the group. */
    public PeerGroupListener groupListener() {
        return new PeerGroupListener() {
            @Override
            public void messageReceived(PeerId from, byte[] message) {
                state.messageReceived(from, message);
            }

            @Override
            public void membersChanged(Set<PeerId> members, Set<PeerId> joined) {
                LOG.info(
                        "Peers that share wishes and verdicts are now peers={}",
                        members.stream().map(PeerId::name).sorted().collect(Collectors.joining(", ", "[", "]")));
                state.membersChanged(members, joined);
            }
        };
    }

    /**
     * Shares with a group from now on.
     *
     * @param expected the configured peers, without this appliance
     * @param master which peer has the traffic of a virtual server; empty if this appliance or nobody has it
     */
    public void join(
            PeerId self,
            PeerGroup group,
            Set<PeerId> expected,
            Function<ConfiguredVirtualServer, Optional<PeerId>> master) {
        membership = Optional.of(new Membership(self, group, Set.copyOf(expected), master));
        state.join(self, group);
        lookSoon();
    }

    /** Shares with nobody from now on. */
    public void leave() {
        membership = Optional.empty();
        state.leave();
        lookSoon();
    }

    /** Notes that a verdict, or what is checked, may have changed. Any thread; never blocks. */
    public void lookSoon() {
        if (lookPending.compareAndSet(false, true)) {
            try {
                var _ = thread.schedule(this::look, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Ending, and looking no more", e);
            }
        }
    }

    /** Returns what is shared now. */
    public SharedView view() {
        Optional<Membership> now = membership;
        return new SharedView(
                now.map(Membership::self),
                now.map(joined -> joined.group().members()).orElse(Set.of()),
                state.claims(),
                disputes.lasting(),
                state.wishes().size(),
                state.refused());
    }

    @Override
    public Map<RealServerName, OperatorOverride> all() {
        return SharedTerms.overrides(state.wishes());
    }

    @Override
    public void say(RealServerName name, OperatorOverride override) {
        state.wish(SharedTerms.subject(name), SharedTerms.wish(override));
    }

    @Override
    public void configured(boolean hasPeers, Predicate<RealServerName> isConfigured) {
        if (hasPeers) {
            lookSoon(); // a peer may have it still
            return;
        }
        for (RealServerName name : all().keySet()) {
            if (!isConfigured.test(name)) {
                say(name, OperatorOverride.NONE);
            }
        }
    }

    /** Called by whoever changes something. */
    private final class Changes implements SharedStateListener {

        private final Consumer<Wishes> memory;

        Changes(Consumer<Wishes> memory) {
            this.memory = memory;
        }

        @Override
        public void replicaChanged(Wishes replica) {
            memory.accept(replica);
        }

        @Override
        public void wishesChanged(PeerId from) {
            source.ifPresent(to -> to.wishesChanged().accept("peer " + from));
        }

        @Override
        public void healthChanged() {
            lookSoon();
        }
    }

    private void hand(Runnable telling) {
        try {
            thread.execute(telling);
        } catch (RejectedExecutionException e) {
            LOG.debug("Ending, and telling no more; the peers are told at the next start", e);
        }
    }

    // ---- the thread ----

    private void look() {
        lookPending.set(false);
        try {
            if (membership.isEmpty()) {
                own = OwnClaims.NONE;
                judge(HealthClaims.NONE);
                tellRamps(Map.of());
                return;
            }
            Source asked = source.orElseThrow();
            LoopView view = asked.loop().get().get(LOOK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            own = OwnClaims.of(view, asked.verdicts(), own, System.nanoTime());
            state.health(own.claims());
            HealthClaims claims = state.claims();
            endWishes(claims);
            judge(claims);
            tellRamps(membership
                    .map(now -> MasterRamps.of(view.config().virtualServers(), claims, now.master(), ramps))
                    .orElse(Map.of()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Cannot look now; in a while again", e);
        } catch (RuntimeException e) {
            LOG.error("Cannot share what the checks say: a bug", e);
        }
    }

    private void tellRamps(Map<RealServerName, MemberState.Serving> now) {
        if (!now.equals(ramps)) {
            ramps = now;
            source.ifPresent(to -> to.masterChanged().accept(now));
        }
    }

    /** A wish ends when no peer has its real server any more, and all peers are there to say so. */
    private void endWishes(HealthClaims claims) {
        Optional<Membership> now = membership;
        if (now.isEmpty() || !claims.byPeer().keySet().containsAll(now.get().expected())) {
            return;
        }
        Set<String> configured = new HashSet<>(own.claims().keySet());
        for (SortedMap<String, HealthClaim> said : claims.byPeer().values()) {
            if (said.size() >= HealthClaims.SUBJECT_COUNT_MAX) {
                return; // it has more than it can say
            }
            configured.addAll(said.keySet());
        }
        for (String subject : state.wishes().keySet()) {
            if (!configured.contains(subject)) {
                state.wish(subject, Optional.empty());
                LOG.info("What operators said ends with its real server name={}", subject);
                source.ifPresent(to -> to.wishesChanged().accept("no peer has it any more"));
            }
        }
    }

    private void judge(HealthClaims claims) {
        Disputes before = disputes;
        Disputes now = before.next(
                claims.disputed(), subject -> own.patience().getOrDefault(subject, LOOK_AGAIN), System.nanoTime());
        disputes = now;
        tell(now.begunSince(before), "peers disagree", claims);
        tell(now.endedSince(before), "peers disagree no more", claims);
        if (now.isWaiting()) {
            lookSoon();
        }
    }

    private void tell(List<String> subjects, String change, HealthClaims claims) {
        subjects.stream()
                .limit(DISPUTE_EVENTS_MAX)
                .forEach(subject -> events.record(
                        EventKind.HEALTH,
                        SharedTerms.name(subject)
                                .map(EventSubject::realServer)
                                .orElseGet(() -> EventSubject.of(subject)),
                        change,
                        said(claims, subject)));
        if (subjects.size() > DISPUTE_EVENTS_MAX) {
            events.record(
                    EventKind.HEALTH,
                    EventSubject.of("peers"),
                    change + " on " + Amount.of(subjects.size() - DISPUTE_EVENTS_MAX, "more real server"),
                    "one sees what another does not");
        }
    }

    private static String said(HealthClaims claims, String subject) {
        return claims.of(subject).entrySet().stream()
                .map(each -> each.getValue().health().word() + " at " + each.getKey())
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            boolean _ = thread.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
