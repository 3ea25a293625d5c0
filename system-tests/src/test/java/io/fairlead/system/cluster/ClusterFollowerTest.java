package io.fairlead.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.policy.RemovalGuard;
import io.fairlead.core.time.Ticker;
import io.fairlead.kube.address.AddressPool;
import io.fairlead.kube.address.AddressRange;
import io.fairlead.kube.mapping.ClusterMapping;
import io.fairlead.kube.mapping.LabelSelector;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.mapping.MappingSpec;
import io.fairlead.kube.mapping.ServiceFilter;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.watch.ClusterFile;
import io.fairlead.kube.watch.ClusterFollower;
import io.fairlead.kube.watch.ClusterView;
import io.fairlead.kube.watch.KubernetesApi;
import io.fairlead.system.cluster.ApiServer.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number in a name is that of the case. */
class ClusterFollowerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AddressRange POOL = AddressRange.parse("203.0.113.0/28");

    @TempDir
    Path directory;

    private final AtomicInteger published = new AtomicInteger();
    /** How many endpoints "web" had when something was published for the first time. */
    private final AtomicInteger first = new AtomicInteger(-1);

    private volatile SortedMap<ObjectName, MappedService> services = new TreeMap<>();
    private volatile boolean mayWrite = true;

    @SuppressWarnings("NullAway.Init") // set before any test
    private ApiServer server;

    private Optional<ClusterFollower> follower = Optional.empty();

    @BeforeEach
    void startServer() throws IOException {
        server = ApiServer.start();
        server.put(Resource.SERVICES, Objects.service("web"));
        server.put(Resource.ENDPOINT_SLICES, Objects.slice("web", "web-1", "198.51.100.1", "198.51.100.2"));
    }

    @AfterEach
    void stop() {
        follower.ifPresent(ClusterFollower::close);
        server.close();
    }

    private void follow() throws IOException {
        follower = Optional.of(ClusterFollower.start(
                KubernetesApi.open(server.kubeconfig(directory.resolve("kubeconfig"))),
                new ClusterMapping(
                        new ServiceFilter(Optional.empty(), true, Set.of(), LabelSelector.EVERYTHING),
                        MappingSpec.PODS,
                        List.of(new AddressPool("public", List.of(POOL), true))),
                new RemovalGuard(50, 50),
                Optional.of(new ClusterFile(directory)),
                new ClusterFollower.StatusRules(ForwardingMethod.MASQUERADE, POOL::contains, _ -> mayWrite),
                (mapped, _) -> {
                    published.incrementAndGet();
                    services = new TreeMap<>(mapped);
                    first.compareAndSet(-1, endpoints("web"));
                    return true;
                },
                Ticker.system()));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private int endpoints(String service) {
        MappedService mapped = services.get(new ObjectName("shop", service));
        return mapped == null ? -1 : mapped.servers().getFirst().realServers().size();
    }

    private String ingress(String service) {
        return server.find(Resource.SERVICES, "shop", service)
                .filter(object -> object.has("status"))
                .map(object -> object.getAsJsonObject("status").getAsJsonObject("loadBalancer"))
                .map(JsonObject::toString)
                .orElse("");
    }

    private String finalizers(String service) {
        return server.find(Resource.SERVICES, "shop", service)
                .map(object -> object.getAsJsonObject("metadata").getAsJsonArray("finalizers"))
                .map(JsonArray::toString)
                .orElse("");
    }

    @Test
    void case83And127TakesAStreamedListWholeAndThenEveryChange() throws IOException {
        follow();
        await("the list", () -> first.get() >= 0);
        assertThat(first.get()).as("the first that was published").isEqualTo(2);

        server.put(Resource.ENDPOINT_SLICES, Objects.slice("web", "web-1", "198.51.100.1"));
        await("the change", () -> endpoints("web") == 1);
        server.put(Resource.ENDPOINT_SLICES, Objects.slice("web", "web-2", "198.51.100.3"));
        await("the second slice", () -> endpoints("web") == 2);
        server.delete(Resource.ENDPOINT_SLICES, "shop", "web-1");
        await("the deletion", () -> endpoints("web") == 1);
        assertThat(server.requests("GET /api/v1/services?limit")).isZero();
    }

    @Test
    void listsByPagesWithoutWatchList() throws IOException {
        server.withoutWatchList();
        for (int i = 0; i < 1100; i++) {
            server.put(Resource.ENDPOINT_SLICES, Objects.slice("web", "more-" + i, "198.51.101." + i % 250));
        }

        follow();

        await("the pages", () -> endpoints("web") == 252);
        assertThat(server.requests("GET /apis/discovery.k8s.io/v1/endpointslices?limit=500"))
                .isEqualTo(3);
    }

    @Test
    void case120And126ComparesAfterA410AndRemovesWhatWasDeletedMeanwhile() throws IOException {
        for (int i = 0; i < 4; i++) {
            server.put(Resource.SERVICES, Objects.service("other-" + i));
        }
        follow();
        await("the list", () -> services.size() == 5 && endpoints("web") == 2);
        await("every status", () -> ingress("other-3").contains("203.0.113"));

        server.stop();
        server.lose(Resource.SERVICES, "shop", "other-0");
        server.restart();

        await("the deletion", () -> services.size() == 4);
        assertThat(endpoints("web")).isEqualTo(2);
    }

    @Test
    void case123And125KeepsServingWhileTheApiIsAway() throws IOException {
        follow();
        await("the list", () -> endpoints("web") == 2);
        int before = published.get();

        server.stop();
        await("it is told", () -> !view().problems().isEmpty());
        assertThat(endpoints("web")).isEqualTo(2);
        assertThat(published.get()).isLessThanOrEqualTo(before + 1); // that of the status
        server.put(Resource.ENDPOINT_SLICES, Objects.slice("web", "web-1", "198.51.100.9"));
        server.restart();

        await("the change", () -> endpoints("web") == 1);
        await("all is well", () -> view().problems().isEmpty());
    }

    private ClusterView view() {
        return follower.orElseThrow().view();
    }

    @Test
    void case124WatchesOnAfterBrokenConnections() throws IOException {
        follow();
        await("the list", () -> endpoints("web") == 2);

        server.breakWatches();
        server.put(Resource.ENDPOINT_SLICES, Objects.slice("web", "web-1", "198.51.100.1"));

        await("the change", () -> endpoints("web") == 1);
        assertThat(server.requests("GET /apis/discovery.k8s.io/v1/endpointslices?watch=1&sendInitialEvents"))
                .isEqualTo(1);
    }

    @Test
    void case128KeepsServingWhileTheApiAnswersNonsense() throws IOException {
        follow();
        await("the list", () -> endpoints("web") == 2);

        server.refuse(200, "<html>a portal</html>");
        await("it is told", () -> !view().problems().isEmpty());
        server.refuse(200, "{\"kind\":\"ServiceList\",\"metadata\":{},\"items\":[]}");
        server.refuse(500, "");
        assertThat(endpoints("web")).isEqualTo(2);

        server.behave();
        server.put(Resource.ENDPOINT_SLICES, Objects.slice("web", "web-1", "198.51.100.1"));
        await("the change", () -> endpoints("web") == 1);
    }

    @Test
    void keepsWhatASuddenlyEmptyClusterLacksUntilItIsConfirmed() throws IOException, InterruptedException {
        follow();
        await("the list", () -> endpoints("web") == 2);

        server.loseEverything();
        await("the doubt", () -> view().heldBack().size() == 2);
        assertThat(endpoints("web")).isEqualTo(2);

        follower.orElseThrow().confirm();
        await("the removal", () -> services.isEmpty());
        assertThat(view().heldBack()).isEmpty();
    }

    @Test
    void servesWhatItKnewAfterARestartWhileTheApiIsAway() throws IOException {
        follow();
        await("the list", () -> endpoints("web") == 2);
        follower.orElseThrow().close();
        services = new TreeMap<>();
        server.stop();

        follow();

        await("what was saved", () -> endpoints("web") == 2);
        assertThat(view().isWhole()).isFalse();
        server.restart();
        await("the list", () -> view().isWhole());
        assertThat(endpoints("web")).isEqualTo(2);
    }

    @Test
    void case90To93HoldsAServiceTellsItsAddressAndLetsItGo() throws IOException {
        follow();

        await("the status", () -> ingress("web").contains("203.0.113.0"));
        assertThat(ingress("web")).contains("\"ipMode\":\"Proxy\"");
        assertThat(finalizers("web")).isEqualTo("[\"fairlead.io/load-balancer\"]");

        server.delete(Resource.SERVICES, "shop", "web");
        await("it is gone", () -> server.find(Resource.SERVICES, "shop", "web").isEmpty());
        assertThat(services).isEmpty();
    }

    @Test
    void case96TriesAConflictAgainAndTakesNotFoundForDone() throws IOException {
        server.refuseWrites(409);
        follow();
        await("it is told", () -> view().problems().stream().anyMatch(text -> text.contains("someone else changed")));
        assertThat(ingress("web")).isEmpty();
        server.behave();
        await("the status, by the second try", () -> ingress("web").contains("203.0.113.0"));

        server.refuseWrites(404);
        int before = server.requests("PATCH");
        server.put(Resource.SERVICES, Objects.service("other"));
        await("the write", () -> server.requests("PATCH") == before + 1);
        server.put(Resource.SERVICES, Objects.service("third"));
        await("the next one, behind it", () -> server.requests("PATCH") == before + 2);

        assertThat(view().problems()).isEmpty();
        assertThat(ingress("other")).isEmpty();
    }

    @Test
    void onlyTheMasterWrites() throws IOException {
        mayWrite = false;
        follow();
        await("the list", () -> endpoints("web") == 2);
        assertThat(server.requests("PATCH")).isZero();

        mayWrite = true;

        await("the status", () -> ingress("web").contains("203.0.113.0"));
    }

    @Test
    void tellsTheOwnerWhyHeGetsNoAddress() throws IOException {
        server.put(Resource.SERVICES, Objects.service("greedy", "\"loadBalancerIP\": \"192.0.2.1\","));

        follow();

        await(
                "the Event",
                () -> server.events().stream()
                        .anyMatch(event -> event.contains("AddressRefused") && event.contains("is in no pool")));
        assertThat(server.events()).hasSize(1);
    }

    @Test
    void theManifestGrantsWhatIsAskedForAndNothingElse() throws IOException {
        server.withoutWatchList();
        server.put(Resource.SERVICES, Objects.service("greedy", "\"loadBalancerIP\": \"192.0.2.1\","));

        follow();

        await(
                "all that it ever does",
                () -> !server.events().isEmpty() && ingress("web").contains("203.0.113.0"));
        await(
                "the watches",
                () -> server.requests("GET /api/v1/nodes?watch=1&allow") > 0
                        && server.requests("GET /api/v1/services?watch=1&allow") > 0
                        && server.requests("GET /apis/discovery.k8s.io/v1/endpointslices?watch=1&allow") > 0);
        assertThat(server.requestLines().stream().map(Rights::neededBy).distinct())
                .containsExactlyInAnyOrderElementsOf(Rights.granted());
    }
}
