package io.fairlead.kube.watch;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.json.ServiceWrites;
import io.fairlead.kube.json.WatchEvent;
import io.fairlead.kube.json.WatchEventReader;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import io.fairlead.kube.watch.KubernetesApi.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the API which addresses Services have, and tells their owners what went wrong. Ends when interrupted. */
final class StatusWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    /** A start with thousands of Services must not be a burden to the API. */
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(20);

    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration RIGHTS_PAUSE = Duration.ofSeconds(1);

    /** A Service as it is there, and what it has become here. */
    private record Known(Service service, Optional<MappedService> mapped) {

        /** Returns the name of the pool that it has addresses of; empty if it has none. */
        String pool() {
            return mapped.isPresent() && mapped.get().assignment() instanceof Assigned(var _, var pool) ? pool : "";
        }
    }

    private record Failed(int failures, MonotonicInstant retryAt) {}

    private final KubernetesApi api;
    private final ForwardingMethod forwarding;
    private final Predicate<IpAddress> isFromAPool;
    private final Predicate<String> mayWrite;
    private final Ticker ticker;

    private final Map<ObjectName, Known> known = new ConcurrentHashMap<>();
    private final Set<ObjectName> queued = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<ObjectName> queue = new LinkedBlockingQueue<>(); // each name once
    private final Map<ObjectName, Failed> failed = new HashMap<>();
    /** What was told last, by Service; only of those that are known. */
    private final Map<ObjectName, String> told = new HashMap<>();

    private volatile String problem = "";
    /** The pools of whose Services this node was the writer when that was last looked at. */
    private Set<String> writable = Set.of();

    StatusWriter(
            KubernetesApi api,
            ForwardingMethod forwarding,
            Predicate<IpAddress> isFromAPool,
            Predicate<String> mayWrite,
            Ticker ticker) {
        this.api = api;
        this.forwarding = forwarding;
        this.isFromAPool = isFromAPool;
        this.mayWrite = mayWrite;
        this.ticker = ticker;
    }

    /** Takes how a Service is, now that the kernel has it so. Any thread; never blocks. */
    void look(Service service, Optional<MappedService> mapped) {
        known.put(service.name(), new Known(service, mapped));
        enqueue(service.name());
    }

    /** A Service is gone. Any thread; never blocks. */
    void forget(ObjectName name) {
        known.remove(name);
        enqueue(name);
    }

    /** Returns why the last write failed; empty if it did not. */
    String problem() {
        return problem;
    }

    private void enqueue(ObjectName name) {
        if (queued.add(name)) {
            queue.add(name);
        }
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                lookWhatIsWritable();
                retryDue();
                ObjectName name = queue.poll(RIGHTS_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                if (name != null) {
                    queued.remove(name);
                    write(name);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever could write before may have left something undone. */
    private void lookWhatIsWritable() {
        Set<String> now = new HashSet<>();
        known.values().forEach(found -> now.add(found.pool()));
        now.removeIf(mayWrite.negate());
        if (!now.equals(writable)) {
            known.forEach((name, found) -> {
                if (now.contains(found.pool()) && !writable.contains(found.pool())) {
                    enqueue(name);
                }
            });
            writable = now;
        }
    }

    private void retryDue() {
        MonotonicInstant now = ticker.now();
        failed.forEach((name, failure) -> {
            if (!now.isBefore(failure.retryAt())) {
                enqueue(name);
            }
        });
    }

    private void write(ObjectName name) throws InterruptedException {
        Known found = known.get(name);
        Failed before = failed.remove(name);
        if (found == null) {
            told.remove(name);
            return;
        }
        if (!mayWrite.test(found.pool())) {
            return; // it is looked at again once we may
        }
        StatusStep.Writes writes = StatusStep.of(found.service(), found.mapped(), forwarding, isFromAPool);
        try {
            if (!writes.isNothing()) {
                patch(found.service(), writes);
            }
            tell(found);
            problem = "";
        } catch (IOException e) {
            String text = name + ": " + e.getMessage();
            if (!text.equals(problem)) {
                LOG.warn("Cannot write the status of a Service service={}: {}", name, e.getMessage());
            }
            problem = text;
            int failures = before == null ? 0 : before.failures();
            Optional<Duration> asked = e instanceof RefusedException refused ? refused.retryAfter : Optional.empty();
            Duration pause = StatusStep.retryPause(failures, asked);
            failed.put(name, new Failed(failures + 1, ticker.now().plus(pause)));
        }
    }

    private void patch(Service service, StatusStep.Writes writes) throws IOException, InterruptedException {
        String path = "/api/v1/namespaces/" + service.name().namespace() + "/services/"
                + service.name().name() + "/status";
        try (Answer answer =
                api.patch(path, ServiceWrites.patch(service, writes.finalizers(), writes.ingress()), SILENCE)) {
            // Gone is as good as done; what was changed by others comes back to us as an event, with its new version.
            if (answer.code() != 404 && answer.code() != 409 && answer.code() / 100 != 2) {
                throw refused(answer);
            }
            if (answer.code() == 409) {
                throw new IOException("someone else changed it meanwhile");
            }
            LOG.info(
                    "Status written service={} addresses={}",
                    service.name(),
                    writes.ingress()
                            .map(entries -> entries.stream()
                                    .map(Service.Ingress::address)
                                    .toList())
                            .orElse(List.of()));
        }
        Thread.sleep(BETWEEN_WRITES);
    }

    /** The API said no. */
    private static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1;

        private final transient Optional<Duration> retryAfter;

        RefusedException(String message, Optional<Duration> retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }
    }

    private static IOException refused(Answer answer) throws IOException {
        WatchEvent.ApiStatus status = WatchEventReader.readStatus(answer.text());
        return new RefusedException(
                "HTTP " + answer.code() + " " + status.message(),
                answer.retryAfter().or(status::retryAfter));
    }

    /** Tells the owner once of each thing that he can do something about. */
    private void tell(Known found) throws IOException, InterruptedException {
        if (found.mapped().isEmpty()) {
            told.remove(found.service().name());
            return;
        }
        MappedService mapped = found.mapped().get();
        String reason;
        String message;
        switch (mapped.assignment()) {
            case Refused refused -> {
                reason = "AddressRefused";
                message = refused.reason();
            }
            case Assigned assigned
            when mapped.remarks().isEmpty() -> {
                reason = "AddressAssigned";
                message = String.join(
                        ", ",
                        assigned.addresses().stream().map(IpAddress::toString).toList());
            }
            case Assigned _ -> {
                reason = "NotServed";
                message = String.join("; ", mapped.remarks());
            }
        }
        String text = found.service().metadata().uid() + reason + message;
        boolean isNews = !reason.equals("AddressAssigned")
                || told.containsKey(found.service().name());
        if (text.equals(told.put(found.service().name(), text)) || !isNews) {
            return;
        }
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        try (Answer answer = api.post(
                "/api/v1/namespaces/" + found.service().name().namespace() + "/events",
                ServiceWrites.event(found.service(), !reason.equals("AddressAssigned"), reason, message, time),
                SILENCE)) {
            if (answer.code() / 100 != 2) {
                told.remove(found.service().name());
                throw refused(answer);
            }
        }
        Thread.sleep(BETWEEN_WRITES);
    }
}
