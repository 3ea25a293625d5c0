package io.fairlead.appliance.event;

import io.fairlead.core.text.Amount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one ordered log of every change of state. Who tells of one puts it into a queue and goes on; the log's own thread
 * numbers it, shows it to those who ask and wait, and writes it to the disk.
 *
 * <p>A disk that fails is reported once and tried again; meanwhile the log lives in memory. What finds the queue full is
 * lost, and the next event but one says how many were.
 */
public final class EventLog implements EventSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    /** In memory; and that many, with some to spare, fit into the two files. */
    public static final int EVENTS_MAX = 10_000;

    private static final long FILE_BYTES_MAX = 4 << 20;
    private static final int QUEUE_CAPACITY_MAX = 10_000;
    private static final int BATCH_MAX = 1_000;
    private static final Duration DISK_RETRY_PAUSE = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    /** A change that has no number yet. */
    private record Draft(Instant at, EventKind kind, Supplier<EventSubject> subject, String change, String cause) {

        static Draft of(EventKind kind, Supplier<EventSubject> subject, String change, String cause) {
            return new Draft(Instant.now(), kind, subject, change, cause);
        }
    }

    /** Wakes the thread when there is nothing else to wake it. */
    private static final Draft WAKE_UP = Draft.of(EventKind.APPLIANCE, () -> EventSubject.of(""), "", "");

    private final EventFile file;
    private final BlockingQueue<Draft> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final Map<EventKind, LongAdder> told = new ConcurrentHashMap<>();
    private final LongAdder lostInAll = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    // Guarded by the lock.
    private final Deque<Event> events = new ArrayDeque<>();
    private boolean loaded;
    private long lastLoaded;
    private long last;

    // Owned by the thread.
    private long written;
    private boolean failing;
    private long retryAtNanos;

    private EventLog(EventFile file) {
        this.file = file;
        this.thread = Thread.ofPlatform().name("fairlead-events").daemon().start(this::run);
    }

    /** Opens the log of a state directory; reading what is there, and what is wrong with it, is left to the log's thread. */
    public static EventLog open(Path stateDirectory) {
        return new EventLog(new EventFile(stateDirectory, FILE_BYTES_MAX));
    }

    @Override
    public void record(EventKind kind, Supplier<EventSubject> subject, String change, String cause) {
        if (!queue.offer(Draft.of(kind, subject, change, cause))) {
            lost.incrementAndGet();
            lostInAll.increment();
            return;
        }
        told.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    /** Tells how many there were. Any thread. */
    public EventCounts counts() {
        Map<EventKind, Long> counts = new EnumMap<>(EventKind.class);
        for (EventKind kind : EventKind.values()) {
            LongAdder count = told.get(kind);
            counts.put(kind, count == null ? 0 : count.sum());
        }
        return new EventCounts(counts, lostInAll.sum());
    }

    /**
     * Events in order, and where to go on.
     *
     * @param events the oldest first
     * @param last where to go on after: the number of the last event of all, whether it is among these or not, unless there
     *     was no room for it; 0 before the first
     * @param missed how many events that were asked for are not kept any more
     */
    public record Page(List<Event> events, long last, long missed) {

        public Page {
            events = List.copyOf(events);
        }
    }

    /**
     * Returns events after number {@code after}, waiting until there is one. Any thread that may wait.
     *
     * @param most how many, from the oldest on
     * @param virtualServer only what concerns it
     * @param patience how long to wait for the first; zero not at all
     */
    public Page after(long after, int most, Optional<String> virtualServer, Duration patience)
            throws InterruptedException {
        long remaining = patience.toNanos();
        lock.lockInterruptibly();
        try {
            awaitLoaded();
            while (true) {
                List<Event> found = new ArrayList<>();
                for (Event event : events) {
                    if (event.number() > after && concerns(event, virtualServer) && found.size() < most) {
                        found.add(event);
                    }
                }
                if (!found.isEmpty() || remaining <= 0 || closing) {
                    boolean full = found.size() == most;
                    return new Page(found, full ? found.getLast().number() : last, missed(after));
                }
                remaining = grown.awaitNanos(remaining);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the last {@code most} events. Any thread that may wait for the disk. */
    public Page latest(int most, Optional<String> virtualServer) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitLoaded();
            Deque<Event> found = new ArrayDeque<>();
            for (var newest = events.descendingIterator(); newest.hasNext() && found.size() < most; ) {
                Event event = newest.next();
                if (concerns(event, virtualServer)) {
                    found.addFirst(event);
                }
            }
            return new Page(List.copyOf(found), last, 0);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of the last event of an earlier run; 0 if there was none. Any thread that may wait for the disk. */
    public long lastOfEarlierRuns() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitLoaded();
            return lastLoaded;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether nobody waits for events any more, as no more are taken. Any thread. */
    public boolean isClosing() {
        return closing;
    }

    /** Waits until all that was told has its number. Any thread that may wait, once it is closing. */
    public void awaitEnd() throws InterruptedException {
        thread.join();
    }

    private void awaitLoaded() throws InterruptedException {
        while (!loaded && !closing) {
            grown.await();
        }
    }

    private long missed(long after) {
        Event oldest = events.peekFirst();
        long first = oldest == null ? last + 1 : oldest.number();
        return Math.max(0, first - 1 - after);
    }

    private static boolean concerns(Event event, Optional<String> virtualServer) {
        return virtualServer.isEmpty() || event.virtualServers().contains(virtualServer.get());
    }

    private void run() {
        load();
        try {
            while (!closing || !queue.isEmpty()) {
                Draft first = failing ? queue.poll(DISK_RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS) : queue.take();
                if (first != null) {
                    add(first);
                }
                addQueued();
                write();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private void load() {
        EventFile.Loaded found = new EventFile.Loaded(List.of(), 0);
        try {
            found = file.load(EVENTS_MAX);
            if (found.damaged() > 0) {
                LOG.warn("Event log has lines that cannot be read; they are skipped count={}", found.damaged());
            }
        } catch (IOException e) {
            LOG.error("Event log cannot be read, and begins anew: {}", e.toString());
        }
        lock.lock();
        try {
            events.addAll(found.latest());
            last = found.latest().isEmpty() ? 0 : found.latest().getLast().number();
            written = last;
            lastLoaded = last;
            loaded = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void addQueued() {
        List<Draft> drafts = new ArrayList<>();
        queue.drainTo(drafts, BATCH_MAX);
        drafts.forEach(this::add);
        long missing = lost.getAndSet(0);
        if (missing > 0) {
            add(Draft.of(
                    EventKind.APPLIANCE,
                    () -> EventSubject.of("event log"),
                    Amount.of(missing, "event was", "events were") + " lost",
                    "more happened at once than can be kept"));
        }
    }

    @SuppressWarnings("ReferenceEquality") // there is one such object
    private void add(Draft draft) {
        if (draft == WAKE_UP) {
            return;
        }
        EventSubject subject = draft.subject().get();
        lock.lock();
        try {
            last++;
            events.addLast(new Event(
                    last,
                    draft.at().truncatedTo(ChronoUnit.MILLIS).toString(),
                    draft.kind(),
                    subject.name(),
                    subject.virtualServers(),
                    draft.change(),
                    draft.cause()));
            if (events.size() > EVENTS_MAX) {
                events.removeFirst();
            }
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        if (failing && !closing && System.nanoTime() - retryAtNanos < 0) {
            return;
        }
        List<Event> unwritten = new ArrayList<>();
        lock.lock();
        try {
            for (var newest = events.descendingIterator(); newest.hasNext(); ) {
                Event event = newest.next();
                if (event.number() <= written) {
                    break;
                }
                unwritten.add(event);
            }
        } finally {
            lock.unlock();
        }
        if (unwritten.isEmpty()) {
            return;
        }
        try {
            file.append(unwritten.reversed());
            written = unwritten.getFirst().number();
            if (failing) {
                failing = false;
                LOG.info("Event log can be written again");
            }
        } catch (IOException e) {
            if (!failing) {
                LOG.error("Event log cannot be written, and lives in memory until it can: {}", e.toString());
            }
            failing = true;
            retryAtNanos = System.nanoTime() + DISK_RETRY_PAUSE.toNanos();
        }
    }

    /** Writes what was told so far, answers those who wait, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
        boolean _ = queue.offer(WAKE_UP); // if it is full, the thread is awake
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                LOG.warn("Event log was not written within {}", STOP_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
