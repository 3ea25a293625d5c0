package io.fairlead.kube.watch;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.kube.json.MalformedObjectException;
import io.fairlead.kube.json.ObjectReader.Kind;
import io.fairlead.kube.json.WatchEvent;
import io.fairlead.kube.json.WatchEventReader;
import io.fairlead.kube.model.ClusterObject;
import io.fairlead.kube.watch.KubernetesApi.Answer;
import io.fairlead.kube.watch.WatchInput.Bookmark;
import io.fairlead.kube.watch.WatchInput.Broken;
import io.fairlead.kube.watch.WatchInput.Changed;
import io.fairlead.kube.watch.WatchInput.Ended;
import io.fairlead.kube.watch.WatchInput.Page;
import io.fairlead.kube.watch.WatchInput.Refused;
import io.fairlead.kube.watch.WatchRequest.ListPage;
import io.fairlead.kube.watch.WatchRequest.Watch;
import io.fairlead.kube.watch.WatchRequest.WatchList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the objects of one kind: asks what {@link WatchStep} says, and tells it what came. Ends when interrupted. */
final class ClusterWatch implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

    /** A watch that hears nothing for longer than it was to last is on a dead connection. */
    private static final Duration WATCH_MIN = Duration.ofSeconds(60);

    private static final Duration WATCH_SPREAD = Duration.ofSeconds(60);
    private static final Duration SILENCE_OF_WATCH =
            WATCH_MIN.plus(WATCH_SPREAD).plusSeconds(15);
    private static final Duration SILENCE_OF_LIST = Duration.ofSeconds(60);

    private final KubernetesApi api;
    private final Kind kind;
    private final ClusterListener listener;
    private final Ticker ticker;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final WatchEventReader reader;

    private WatchState state = WatchState.START;
    private WatchStep.Effect effect = WatchStep.Effect.NONE;
    private Duration pause = Duration.ZERO;
    private List<ClusterObject> gathered = new ArrayList<>();
    private boolean troubled;

    ClusterWatch(KubernetesApi api, Kind kind, ClusterListener listener, Ticker ticker) {
        this.api = api;
        this.kind = kind;
        this.listener = listener;
        this.ticker = ticker;
        this.reader = new WatchEventReader(kind);
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ask();
                if (!pause.isZero()) {
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        MonotonicInstant began = ticker.now();
        try (Answer answer = api.get(path(state.request()), silence(state.request()))) {
            if (answer.code() != 200) {
                WatchEvent.ApiStatus status = WatchEventReader.readStatus(answer.text());
                decide(new Refused(
                        answer.code(), status.reasons(), answer.retryAfter().or(status::retryAfter)));
                trouble("HTTP " + answer.code() + " " + status.message());
                return;
            }
            Reader text = new InputStreamReader(answer.body(), StandardCharsets.UTF_8);
            if (state.request() instanceof Watch) {
                works();
            }
            if (state.request() instanceof ListPage) {
                readPage(text);
            } else {
                readEvents(new BufferedReader(text), began);
            }
        } catch (IOException | MalformedObjectException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            decide(new Broken(String.valueOf(e.getMessage())));
            trouble(String.valueOf(e.getMessage()));
        }
    }

    private static Duration silence(WatchRequest request) {
        return request instanceof ListPage ? SILENCE_OF_LIST : SILENCE_OF_WATCH;
    }

    private String path(WatchRequest request) {
        String objects = pathOf(kind);
        long seconds = WATCH_MIN.toSeconds() + random.nextLong(WATCH_SPREAD.toSeconds());
        return switch (request) {
            case ListPage(var continuation, var limit) ->
                objects + "?limit=" + limit + (continuation.isEmpty() ? "" : "&continue=" + encoded(continuation));
            case WatchList() ->
                objects + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
                        + "&timeoutSeconds=" + seconds;
            case Watch(var version) ->
                objects + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + encoded(version) + "&timeoutSeconds="
                        + seconds;
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String pathOf(Kind kind) {
        return switch (kind) {
            case SERVICE -> "/api/v1/services";
            case NODE -> "/api/v1/nodes";
            case ENDPOINT_SLICE -> "/apis/discovery.k8s.io/v1/endpointslices";
        };
    }

    private void readPage(Reader text) throws IOException, InterruptedException {
        List<ClusterObject> page = new ArrayList<>();
        WatchEventReader.PageEnd end = reader.readPage(text, page::add);
        decide(new Page(end.resourceVersion(), end.continuation()));
        gathered.addAll(page);
        commitIfWhole();
        works();
    }

    private void readEvents(BufferedReader lines, MonotonicInstant began) throws IOException, InterruptedException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank() && take(reader.readEvent(line))) {
                return;
            }
        }
        decide(new Ended(ticker.now().since(began)));
    }

    /** Returns whether to ask anew. */
    private boolean take(WatchEvent event) throws InterruptedException {
        return switch (event) {
            case WatchEvent.ObjectEvent(var isDeleted, var object) -> {
                boolean asksAgain = decide(new Changed(object.resourceVersion()));
                if (effect == WatchStep.Effect.APPLY) {
                    listener.changed(kind, object, isDeleted);
                } else {
                    gather(object, isDeleted);
                }
                yield asksAgain;
            }
            case WatchEvent.BookmarkEvent(var version, var isEnd) -> {
                boolean asksAgain = decide(new Bookmark(version, isEnd));
                commitIfWhole();
                works();
                yield asksAgain;
            }
            case WatchEvent.ErrorEvent(var status) -> {
                boolean asksAgain = decide(new Refused(status.code(), status.reasons(), status.retryAfter()));
                trouble(status.code() + " " + status.message());
                yield asksAgain;
            }
            case WatchEvent.UnknownEvent(var type) -> {
                LOG.debug("An event of unknown type={} kind={}", type, kind);
                yield false;
            }
        };
    }

    /** An object may change, or go, while the list is still being sent. */
    private void gather(ClusterObject object, boolean isDeleted) {
        if (isDeleted) {
            gathered.removeIf(each -> each.name().equals(object.name()));
        } else {
            gathered.add(object); // of two with one name the later counts
        }
    }

    private boolean decide(WatchInput input) {
        WatchStep.Decision decision = WatchStep.step(state, input, random.nextDouble());
        state = decision.state();
        effect = decision.effect();
        pause = decision.pause();
        if (effect == WatchStep.Effect.DISCARD) {
            gathered = new ArrayList<>();
        }
        return decision.asksAgain();
    }

    private void commitIfWhole() throws InterruptedException {
        if (effect == WatchStep.Effect.COMMIT) {
            List<ClusterObject> all = gathered;
            gathered = new ArrayList<>();
            listener.listed(kind, all);
        }
    }

    private void works() {
        if (troubled) {
            troubled = false;
            LOG.info("Kubernetes API answers again kind={}", kind.apiName());
        }
        listener.told(kind, "");
    }

    /** One line for each trouble, not for each attempt. */
    private void trouble(String problem) {
        if (!troubled) {
            troubled = true;
            LOG.warn(
                    "Cannot follow the Kubernetes API; what is known keeps serving kind={} server={}: {}",
                    kind.apiName(),
                    api.server(),
                    problem);
        }
        listener.told(
                kind,
                Optional.of(problem.strip()).filter(text -> !text.isEmpty()).orElse("no answer"));
    }
}
