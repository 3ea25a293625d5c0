package io.fairlead.appliance.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.fairlead.appliance.event.EventKind;
import io.prometheus.client.Collector;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program itself: its release, its configuration, the process, and the Java runtime. */
final class ProcessMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessMetrics.class);
    private static final Path STATUS = Path.of("/proc/self/status");

    static final MetricGroup GROUP = new MetricGroup("The appliance itself");

    private static final Metric BUILD = GROUP.info(
            "fairlead_build_info",
            "Which release runs, on which node and which Java: always 1.",
            "version",
            "node",
            "java");

    private static final Metric LAST_RELOAD_OK = GROUP.gauge(
            "fairlead_config_last_reload_successful",
            "Whether the configuration that was read last is the one in force: 1, or 0 if it was refused or held"
                    + " back.");
    private static final Metric LAST_RELOAD = GROUP.gauge(
            "fairlead_config_last_reload_success_timestamp_seconds",
            "When a configuration was last put in force, since 1970.");
    private static final Metric RELOADS = GROUP.counter(
            "fairlead_config_reloads_total",
            "Readings of the configuration by what became of it: applied, refused or held-back; the start counts as"
                    + " one.",
            "result");

    private static final Metric EVENTS = GROUP.counter(
            "fairlead_events_total", "Changes of state that were told to the event log, by their kind.", "kind");
    private static final Metric EVENTS_LOST = GROUP.counter(
            "fairlead_events_lost_total",
            "Changes of state that the event log had no room for, as too many came at once.");

    private static final Metric CPU =
            GROUP.counter("process_cpu_seconds_total", "Time of processors that the process used.");
    private static final Metric MEMORY =
            GROUP.gauge("process_resident_memory_bytes", "Memory that the process occupies.");
    private static final Metric DESCRIPTORS = GROUP.gauge("process_open_fds", "Open descriptors.");
    private static final Metric DESCRIPTORS_MAX = GROUP.gauge("process_max_fds", "How many descriptors may be open.");
    private static final Metric STARTED =
            GROUP.gauge("process_start_time_seconds", "When the process began, since 1970.");

    private static final Metric HEAP_USED = GROUP.gauge(
            "fairlead_jvm_heap_used_bytes", "Objects on the heap, those included that nobody needs any more.");
    private static final Metric HEAP_COMMITTED =
            GROUP.gauge("fairlead_jvm_heap_committed_bytes", "Memory that the heap holds.");
    private static final Metric HEAP_MAX =
            GROUP.gauge("fairlead_jvm_heap_max_bytes", "Memory that the heap may come to hold.");
    private static final Metric COLLECTIONS =
            GROUP.counter("fairlead_jvm_gc_collections_total", "Collections of garbage.", "collector");
    private static final Metric COLLECTION_TIME =
            GROUP.counter("fairlead_jvm_gc_seconds_total", "Time that collections of garbage took.", "collector");
    private static final Metric THREADS = GROUP.gauge("fairlead_jvm_threads", "Platform threads.");
    private static final Metric PAUSES = GROUP.histogram(
            "fairlead_jvm_pause_seconds",
            "How long a thread that wanted to run could not, where that was more than 5 ms: the runtime stood still,"
                    + " or the host had no processor for it.");

    private ProcessMetrics() {}

    static void addTo(Exposition exposition, Scrape scrape) {
        exposition.add(
                BUILD,
                samples -> samples.add(
                        1,
                        scrape.version(),
                        scrape.loop().config().nodeName(),
                        Runtime.version().toString()));
        ReloadCounts reloads = scrape.reloads();
        exposition.add(LAST_RELOAD_OK, samples -> samples.add(reloads.isLastApplied()));
        exposition.add(LAST_RELOAD, samples -> samples.add(reloads.lastApplied()));
        exposition.add(RELOADS, samples -> {
            samples.add(reloads.applied(), "applied");
            samples.add(reloads.refused(), "refused");
            samples.add(reloads.heldBack(), "held-back");
        });
        exposition.add(EVENTS, samples -> {
            for (EventKind kind : EventKind.values()) {
                samples.add(scrape.events().told().getOrDefault(kind, 0L), kind.configName());
            }
        });
        exposition.add(EVENTS_LOST, samples -> samples.add(scrape.events().lost()));
        process(exposition);
        javaRuntime(exposition, scrape);
    }

    private static void process(Exposition exposition) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            exposition.add(CPU, samples -> samples.add(system.getProcessCpuTime() / Collector.NANOSECONDS_PER_SECOND));
            exposition.add(DESCRIPTORS, samples -> samples.add(system.getOpenFileDescriptorCount()));
            exposition.add(DESCRIPTORS_MAX, samples -> samples.add(system.getMaxFileDescriptorCount()));
        }
        exposition.add(MEMORY, samples -> residentBytes().ifPresent(samples::add));
        exposition.add(
                STARTED,
                samples -> samples.add(
                        ManagementFactory.getRuntimeMXBean().getStartTime() / Collector.MILLISECONDS_PER_SECOND));
    }

    private static OptionalLong residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            LOG.debug("Cannot read {}", STATUS, e);
            return OptionalLong.empty();
        }
    }

    private static void javaRuntime(Exposition exposition, Scrape scrape) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        exposition.add(
                HEAP_USED, samples -> samples.add(memory.getHeapMemoryUsage().getUsed()));
        exposition.add(
                HEAP_COMMITTED,
                samples -> samples.add(memory.getHeapMemoryUsage().getCommitted()));
        exposition.add(
                HEAP_MAX, samples -> samples.add(memory.getHeapMemoryUsage().getMax()));
        exposition.add(COLLECTIONS, samples -> {
            for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
                samples.add(collector.getCollectionCount(), collector.getName());
            }
        });
        exposition.add(COLLECTION_TIME, samples -> {
            for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
                samples.add(collector.getCollectionTime() / Collector.MILLISECONDS_PER_SECOND, collector.getName());
            }
        });
        exposition.add(
                THREADS,
                samples -> samples.add(ManagementFactory.getThreadMXBean().getThreadCount()));
        exposition.add(PAUSES, samples -> samples.add(scrape.pauses()));
    }
}
