package io.fairlead.system.benchmark;

import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.loop.ApplyOutcome;
import io.fairlead.appliance.loop.ControlLoop;
import io.fairlead.appliance.peers.SharedKeeper;
import io.fairlead.appliance.state.Memory;
import io.fairlead.appliance.state.PoolMemory;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.KubernetesServers;
import io.fairlead.core.execute.PacketRuleFollower;
import io.fairlead.core.kernel.testing.FakeConntrack;
import io.fairlead.core.kernel.testing.FakePacketRuleTable;
import io.fairlead.core.policy.Verdict;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.shared.Wishes;
import io.fairlead.kube.mapping.ClusterMapping;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.watch.ClusterFollower;
import io.fairlead.kube.watch.KubernetesApi;
import io.fairlead.system.cluster.LabApiServer;
import io.fairlead.system.cluster.Objects;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/**
 * Follows an API server with many Services, in a process of its own, down to a table in memory that stands for the kernel, and
 * prints how long the whole table takes, how much heap lives then, and how long one change of an endpoint takes. Arguments:
 * {@code SERVICES ENDPOINTS-EACH SLICES-PER-SECOND SECONDS}.
 */
public final class KubernetesBenchmark {

    private static final int PORT = 16_443;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final int services;
    private final int endpointsEach;
    private final HttpClient http = HttpClient.newHttpClient();
    private final MeasuredTable table = new MeasuredTable();
    private KubernetesServers servers = KubernetesServers.NONE;

    private KubernetesBenchmark(int services, int endpointsEach) {
        this.services = services;
        this.endpointsEach = endpointsEach;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException("expected: SERVICES ENDPOINTS-EACH SLICES-PER-SECOND SECONDS");
        }
        int[] numbers = new int[4];
        for (int i = 0; i < 4; i++) {
            numbers[i] = Integer.parseInt(arguments[i]);
        }
        new KubernetesBenchmark(numbers[0], numbers[1]).run(numbers[2], numbers[3]);
    }

    private void run(int slicesPerSecond, int seconds) throws IOException, InterruptedException {
        Process api = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx600m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LabApiServer.class.getName(),
                        "127.0.0.1",
                        Integer.toString(PORT))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(api.getInputStream(), StandardCharsets.UTF_8))) {
            lines.readLine();
            fill();
            measure(slicesPerSecond, seconds);
        } finally {
            api.destroy();
        }
    }

    private void fill() throws IOException, InterruptedException {
        for (int i = 0; i < services; i++) {
            post("/put/services", Objects.service(name(i), "\"loadBalancerClass\": \"fairlead.io/fairlead\","));
            post("/put/endpoint_slices", slice(i, address(11, i)));
        }
    }

    private static String name(int service) {
        return "service-" + service;
    }

    /** Returns the slice of a Service, whose first endpoint is {@code first}. */
    private String slice(int service, String first) {
        String[] addresses = new String[endpointsEach];
        addresses[0] = first;
        for (int i = 1; i < endpointsEach; i++) {
            addresses[i] = address(11 + i, service);
        }
        return Objects.slice(name(service), name(service) + "-1", addresses);
    }

    private static String address(int network, int number) {
        return "10." + network + "." + number / 250 + "." + (number % 250 + 1);
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        HttpResponse<Void> response = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (PORT + 1) + path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        if (response.statusCode() != 200) {
            throw new IOException(path + ": " + response.statusCode());
        }
    }

    private void measure(int slicesPerSecond, int seconds) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("fairlead-benchmark");
        FairleadConfig config = config(directory);
        ControlLoop loop = new ControlLoop(
                table,
                new PacketRuleFollower(new FakePacketRuleTable(), new FakeConntrack()),
                config.withVirtualServers(List.of()),
                _ -> Verdict.HEALTHY,
                _ -> {},
                Memory.NONE,
                PoolMemory.NOWHERE,
                new SharedKeeper(Wishes.NONE, _ -> {}, EventSink.NOWHERE),
                EventSink.NOWHERE,
                Ticker.system());
        Thread thread = Thread.ofPlatform().daemon().name("fairlead-control").start(loop);
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
            {"apiVersion": "v1", "kind": "Config", "current-context": "a",
             "clusters": [{"name": "a", "cluster": {"server": "http://127.0.0.1:%d"}}],
             "users": [{"name": "a", "user": {"token": "secret"}}],
             "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}]}
            """.formatted(PORT));
        long began = System.nanoTime();
        try (ClusterFollower _ = ClusterFollower.start(
                KubernetesApi.open(kubeconfig),
                new ClusterMapping(
                        config.kubernetes().services(),
                        config.kubernetes().mapping(),
                        config.kubernetes().addressPools()),
                config.removalGuard(),
                Optional.empty(),
                new ClusterFollower.StatusRules(config.kubernetes().mapping().forwarding(), _ -> true, _ -> false),
                (mapped, different) -> publish(loop, config, mapped, different),
                Ticker.system())) {
            table.await(services + services * endpointsEach, PATIENCE);
            print("from nothing to the whole table, ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            print("live heap, with the table that stands for the kernel, MiB", liveHeap());
            List<Long> delays = change(slicesPerSecond, seconds);
            print("changes seen", delays.size());
            print("from a change to the table, median, ms", delays.get(delays.size() / 2));
            print("99th percentile, ms", delays.get(delays.size() * 99 / 100));
            print("longest, ms", delays.getLast());
        } finally {
            loop.stop();
            thread.join();
        }
    }

    private FairleadConfig config(Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("fairlead.conf"), """
            fairlead {
              reconcile.interval = 1h
              defaults.drain-timeout = 0s
              kubernetes {
                enabled = true, target = pods, source-nat = false
                defaults.health-check.type = none
                address-pools.public.addresses = ["172.16.0.0/12"]
              }
            }
            """);
        return ((ConfigOutcome.Accepted) ConfigFile.load(file)).config();
    }

    private boolean publish(
            ControlLoop loop,
            FairleadConfig config,
            SortedMap<ObjectName, MappedService> mapped,
            Set<ObjectName> different) {
        servers = servers.changedTo(config.kubernetes().template(), mapped, different);
        FairleadConfig next = config.withVirtualServers(
                servers.beside(config.virtualServers()).virtualServers());
        return loop.apply(next, true).join() instanceof ApplyOutcome.Applied;
    }

    /** Changes one endpoint of one slice after the other, and returns how long each took, in order, in milliseconds. */
    private List<Long> change(int slicesPerSecond, int seconds) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int count = slicesPerSecond * seconds;
        for (int i = 0; i < count; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / slicesPerSecond;
            while (System.nanoTime() < due) {
                Thread.sleep(1);
            }
            String first = address(200, i);
            table.expect(first);
            post("/put/endpoint_slices", slice((int) (i * 7919L % services), first));
        }
        return table.delays(count, PATIENCE);
    }

    private static long liveHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private static void print(String what, long value) {
        System.out.println(String.format(Locale.ROOT, "%-60s %,10d", what, value));
    }
}
