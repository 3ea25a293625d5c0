package io.fairlead.appliance.election;

import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.conf.ElectionUnit;
import io.fairlead.conf.NotifySpec;
import io.fairlead.ha.election.Cause;
import io.fairlead.ha.election.HelloRole;
import io.fairlead.ha.election.PeerView;
import io.fairlead.ha.runtime.ElectionObserver;
import io.fairlead.ha.runtime.UnitStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells log, events and programs of roles, off the election's thread. */
final class RoleTeller implements ElectionObserver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RoleTeller.class);
    private static final int WAITING_MAX = 1024;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final EventSink events;
    private final Runnable changed;
    private final ExecutorService thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("fairlead-roles").daemon().factory());
    private final Map<String, NotifyProgram> programs = new ConcurrentHashMap<>();

    /** @param changed run after each change; must not block */
    RoleTeller(EventSink events, Runnable changed) {
        this.events = events;
        this.changed = changed;
    }

    /** Runs the programs of these units from now on. */
    void follow(List<ElectionUnit> units) {
        Map<String, NotifySpec> wanted = new HashMap<>();
        units.forEach(unit -> unit.notification().ifPresent(spec -> wanted.put(unit.name(), spec)));
        programs.keySet().retainAll(wanted.keySet());
        wanted.forEach((name, spec) ->
                programs.computeIfAbsent(name, _ -> new NotifyProgram(name)).use(spec));
    }

    @Override
    public void roleChanged(UnitStatus before, UnitStatus now) {
        hand(() -> {
            changed.run();
            String name = now.spec().name();
            String role = role(now.role());
            LOG.info(
                    "Virtual router is {} router={} term={} priority={} cause={}",
                    role,
                    name,
                    now.state().term(),
                    now.state().priority(),
                    cause(now.cause()));
            events.record(
                    EventKind.ROLE, EventSubject.of(name), role + ", was " + role(before.role()), cause(now.cause()));
            NotifyProgram program = programs.get(name);
            if (program != null && !notified(before.role()).equals(notified(now.role()))) {
                program.tell(notified(now.role()), now.state().priority());
            }
        });
    }

    @Override
    public void noted(UnitStatus unit, Cause cause) {
        hand(() -> {
            String peers = cause == Cause.PEER_UNREADABLE ? " of " + unreadable(unit) : "";
            LOG.info(
                    "Virtual router stays {} router={} term={} cause={}{}",
                    role(unit.role()),
                    unit.spec().name(),
                    unit.state().term(),
                    cause(cause),
                    peers);
            events.record(
                    EventKind.ROLE,
                    EventSubject.of(unit.spec().name()),
                    "still " + role(unit.role()),
                    cause(cause) + peers);
        });
    }

    private static String unreadable(UnitStatus unit) {
        List<@Nullable PeerView> views = unit.state().peers();
        return IntStream.range(0, Math.min(views.size(), unit.spec().peers().size()))
                .filter(index -> Optional.ofNullable(views.get(index))
                        .filter(view -> !view.isReadable())
                        .isPresent())
                .mapToObj(index -> unit.spec().peers().get(index).address().toString())
                .collect(Collectors.joining(", "));
    }

    private void hand(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("A change of role is not told", e);
        }
    }

    /** Returns the word for people and JSON. */
    static String role(HelloRole role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String cause(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Programs know four roles: what lies between them is not theirs to follow. */
    private static String notified(HelloRole role) {
        return switch (role) {
            case FAULT -> "fault";
            case BACKUP, CANDIDATE, RELEASED -> "backup";
            case MASTER, HANDING_OVER -> "master";
            case LEFT -> "stopped";
        };
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            boolean _ = thread.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
