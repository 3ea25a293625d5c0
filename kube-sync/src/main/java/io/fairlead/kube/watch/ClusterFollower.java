package io.fairlead.kube.watch;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.RemovalGuard;
import io.fairlead.core.policy.RemovalGuard.Removal;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.kube.json.ObjectReader.Kind;
import io.fairlead.kube.mapping.ClusterMapping;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ClusterObject;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a cluster: one thread for each kind of object reads, one decides and has it brought about, one writes back.
 *
 * <pre>
 *   ClusterWatch (3) ──► queue ──► this: ClusterMapping ──► Publisher ──► kernel
 *                                     │                                    │
 *                                  ClusterFile                       StatusWriter ──► API
 * </pre>
 *
 * <p>Until every kind has been listed once, what was saved by an earlier run is what serves, and nothing else. A list is
 * compared with what is known; where it lacks too much at once, what it lacks is kept until someone confirms it, because an
 * API that was restored from an old backup, or that answers with nothing, looks the same as one whose Services were deleted.
 * What an event says is gone is gone.
 */
public final class ClusterFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterFollower.class);

    private static final int QUEUE_CAPACITY = 4096; // whoever finds it full waits, and so does the API
    private static final Duration SAVE_PAUSE = Duration.ofSeconds(10);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    /** Has the virtual servers of a cluster brought about. */
    public interface Publisher {

        /**
         * Returns when the kernel has them.
         *
         * @param different for which Services something is different now
         * @return whether it went well; otherwise it is tried again
         */
        boolean publish(SortedMap<ObjectName, MappedService> services, Set<ObjectName> different)
                throws InterruptedException;
    }

    /**
     * How the status of Services is written.
     *
     * @param mayWrite whether this node is the one that writes now of Services with addresses of the pool of that name; of
     *     those without an address it is empty
     */
    public record StatusRules(
            ForwardingMethod forwarding, Predicate<IpAddress> isFromAPool, Predicate<String> mayWrite) {}

    private sealed interface Input {
        record Listed(Kind kind, List<ClusterObject> all) implements Input {}

        record Changed(Kind kind, ClusterObject object, boolean isDeleted) implements Input {}

        record Confirmed() implements Input {}

        record Look(CompletableFuture<ClusterView> view) implements Input {}
    }

    private final KubernetesApi api;
    private final ClusterMapping mapping;
    private final RemovalGuard guard;
    private final Optional<ClusterFile> file;
    private final Publisher publisher;
    private final StatusWriter writer;
    private final Ticker ticker;

    private final BlockingQueue<Input> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Kind, String> problems = Collections.synchronizedMap(new EnumMap<>(Kind.class));

    // Of the deciding thread.
    private final Set<Kind> listed = EnumSet.noneOf(Kind.class);
    private final Map<Kind, Set<ObjectName>> doubted = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> doubts = new EnumMap<>(Kind.class);
    private final Set<ObjectName> unpublished = new HashSet<>();
    private boolean unsaved;
    private MonotonicInstant saveAt;
    private @Nullable MonotonicInstant retryAt;

    private ClusterFollower(
            KubernetesApi api,
            ClusterMapping mapping,
            RemovalGuard guard,
            Optional<ClusterFile> file,
            StatusRules status,
            Publisher publisher,
            Ticker ticker) {
        this.api = api;
        this.mapping = mapping;
        this.guard = guard;
        this.file = file;
        this.publisher = publisher;
        this.writer = new StatusWriter(api, status.forwarding(), status.isFromAPool(), status.mayWrite(), ticker);
        this.ticker = ticker;
        this.saveAt = ticker.now();
    }

    /** Begins to follow. */
    public static ClusterFollower start(
            KubernetesApi api,
            ClusterMapping mapping,
            RemovalGuard guard,
            Optional<ClusterFile> file,
            StatusRules status,
            Publisher publisher,
            Ticker ticker) {
        ClusterFollower follower = new ClusterFollower(api, mapping, guard, file, status, publisher, ticker);
        follower.begin();
        return follower;
    }

    private void begin() {
        start("fairlead-kubernetes", this::decide);
        start("fairlead-kubernetes-status", writer);
        Inbox inbox = new Inbox();
        for (Kind kind : Kind.values()) {
            start(
                    "fairlead-kubernetes-" + kind.name().toLowerCase(Locale.ROOT),
                    new ClusterWatch(api, kind, inbox, ticker));
        }
    }

    private void start(String name, Runnable work) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(work));
    }

    private final class Inbox implements ClusterListener {
        @Override
        public void listed(Kind kind, List<ClusterObject> all) throws InterruptedException {
            queue.put(new Input.Listed(kind, all));
        }

        @Override
        public void changed(Kind kind, ClusterObject object, boolean isDeleted) throws InterruptedException {
            queue.put(new Input.Changed(kind, object, isDeleted));
        }

        @Override
        public void told(Kind kind, String problem) {
            problems.put(kind, problem);
        }
    }

    /**
     * Returns how things stand. Any thread.
     *
     * @throws IllegalStateException if there is no answer in time
     */
    public ClusterView view() {
        CompletableFuture<ClusterView> asked = new CompletableFuture<>();
        try {
            if (queue.offer(new Input.Look(asked), LOOK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return asked.get(LOOK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the cluster's thread does not answer", e);
        }
        throw new IllegalStateException("the cluster's thread does not answer");
    }

    /** Believes the last lists, also where they lack too much at once. Any thread. */
    public void confirm() throws InterruptedException {
        queue.put(new Input.Confirmed());
    }

    private void decide() {
        try {
            load();
            List<Input> inputs = new ArrayList<>();
            while (!Thread.currentThread().isInterrupted()) {
                Input first = queue.poll(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    take(first);
                    queue.drainTo(inputs);
                    inputs.forEach(this::take);
                    inputs.clear();
                }
                if (listed.size() == Kind.values().length) {
                    bringAbout();
                    saveIfDue();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("Following the cluster failed; what the kernel has stays as it is", e);
        }
    }

    private void load() throws InterruptedException {
        if (file.isEmpty()) {
            return;
        }
        try {
            List<ClusterObject> saved = file.get().load();
            if (!saved.isEmpty()) {
                saved.forEach(mapping::put);
                unpublished.addAll(mapping.refresh());
                publish();
                LOG.info("Serving what was known of the cluster at the end of the last run objects={}", saved.size());
            }
        } catch (IOException e) {
            LOG.warn("What was known of the cluster is lost: {}", e.getMessage());
        }
    }

    private void take(Input input) {
        switch (input) {
            case Input.Changed(var kind, var object, var isDeleted) -> {
                doubted.getOrDefault(kind, Set.of()).remove(object.name());
                if (isDeleted) {
                    remove(kind, object.name());
                } else {
                    mapping.put(object);
                }
            }
            case Input.Listed(var kind, var all) -> takeList(kind, all);
            case Input.Look(var asked) -> asked.complete(look());
            case Input.Confirmed() -> {
                doubted.forEach((kind, names) -> names.forEach(name -> remove(kind, name)));
                doubted.clear();
                doubts.clear();
            }
        }
        unsaved |= !(input instanceof Input.Look);
    }

    private void takeList(Kind kind, List<ClusterObject> all) {
        Set<ObjectName> missing = new HashSet<>(names(kind));
        all.forEach(object -> missing.remove(object.name()));
        List<String> objections = objections(kind, missing);
        doubted.put(kind, new HashSet<>());
        doubts.remove(kind);
        if (objections.isEmpty()) {
            missing.forEach(name -> remove(kind, name));
        } else {
            doubted.put(kind, missing);
            doubts.put(kind, objections);
            LOG.warn(
                    "A list lacks too much at once; what it lacks is kept until fairlead reload --force kind={}: {}",
                    kind.apiName(),
                    String.join("; ", objections));
        }
        all.forEach(mapping::put);
        listed.add(kind);
    }

    /** Of what we serve: what else the cluster has may come and go. */
    private List<String> objections(Kind kind, Set<ObjectName> missing) {
        Removal none = new Removal(0, 0);
        return switch (kind) {
            case SERVICE -> guard.objections(removal(mapping.ourServices(missing)), none);
            case ENDPOINT_SLICE -> guard.objections(none, removal(mapping.ourEndpoints(missing)));
            case NODE -> guard.objections(none, removal(mapping.ourNodes(missing)));
        };
    }

    private static Removal removal(ClusterMapping.Share share) {
        return new Removal(share.some(), share.all());
    }

    private Set<ObjectName> names(Kind kind) {
        return switch (kind) {
            case SERVICE -> mapping.services().keySet();
            case ENDPOINT_SLICE -> mapping.sliceNames();
            case NODE -> mapping.nodeNames();
        };
    }

    private void remove(Kind kind, ObjectName name) {
        switch (kind) {
            case SERVICE -> {
                mapping.removeService(name);
                writer.forget(name);
            }
            case ENDPOINT_SLICE -> mapping.removeSlice(name);
            case NODE -> mapping.removeNode(name);
        }
    }

    private void bringAbout() throws InterruptedException {
        unpublished.addAll(mapping.refresh());
        MonotonicInstant waits = retryAt;
        if (!unpublished.isEmpty() && (waits == null || !ticker.now().isBefore(waits))) {
            publish();
        }
        if (unpublished.isEmpty()) {
            lookAtStatus();
        }
    }

    private void publish() throws InterruptedException {
        SortedMap<ObjectName, MappedService> services = mapping.mapped();
        if (!publisher.publish(services, Set.copyOf(unpublished))) {
            retryAt = ticker.now().plus(RETRY_PAUSE);
            return;
        }
        retryAt = null;
        unpublished.clear();
    }

    /** The status follows the kernel: an address is told of when it serves, and let go of when it does not any more. */
    private void lookAtStatus() {
        for (ObjectName name : mapping.takeTouched()) {
            Service service = mapping.services().get(name);
            if (service != null) {
                Optional<MappedService> mapped =
                        Optional.ofNullable(mapping.mapped().get(name));
                if (mapped.isPresent() || service.metadata().finalizers().contains(StatusStep.FINALIZER)) {
                    writer.look(service, mapped);
                } else {
                    writer.forget(name);
                }
            }
        }
    }

    private void saveIfDue() {
        if (file.isEmpty() || !unsaved || ticker.now().isBefore(saveAt)) {
            return;
        }
        saveAt = ticker.now().plus(SAVE_PAUSE);
        unsaved = false;
        try {
            file.get().save(mapping.toKeep().iterator());
        } catch (IOException e) {
            LOG.warn("Cannot save what is known of the cluster: {}", e.getMessage());
        }
    }

    private ClusterView look() {
        List<String> troubles = new ArrayList<>();
        synchronized (problems) {
            problems.forEach((kind, text) -> {
                if (!text.isEmpty()) {
                    troubles.add(kind.apiName() + ": " + text);
                }
            });
        }
        if (!writer.problem().isEmpty()) {
            troubles.add("status of " + writer.problem());
        }
        return new ClusterView(
                api.server(),
                listed.size() == Kind.values().length,
                troubles,
                doubts.values().stream().flatMap(List::stream).toList(),
                new TreeMap<>(mapping.mapped()));
    }

    /** Stops following, and keeps on disk what is known. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(STOP_TIMEOUT)) {
                    LOG.warn("Thread {} did not stop within {}", thread.getName(), STOP_TIMEOUT);
                }
            }
            if (listed.size() == Kind.values().length) {
                saveAt = ticker.now();
                saveIfDue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
