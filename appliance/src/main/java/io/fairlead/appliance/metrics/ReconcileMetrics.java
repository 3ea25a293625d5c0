package io.fairlead.appliance.metrics;

import io.fairlead.appliance.address.AddressView;
import io.fairlead.appliance.address.AddressView.State;
import io.fairlead.appliance.loop.LoopCounts;
import io.fairlead.appliance.loop.PacketRuleStatus;
import io.fairlead.appliance.loop.ReconcileStatus;
import java.util.Locale;

/** How well the kernel follows, and whether the one thread that decides keeps up. */
final class ReconcileMetrics {

    static final MetricGroup GROUP = new MetricGroup("Following the configuration");

    private static final Metric IN_SYNC = GROUP.gauge(
            "fairlead_reconcile_in_sync",
            "Whether the kernel took everything that was asked of it: 1, or 0 while something is tried again.");
    private static final Metric OPERATIONS =
            GROUP.counter("fairlead_reconcile_operations_total", "Changes made to the kernel's table.");
    private static final Metric FAILURES = GROUP.counter(
            "fairlead_reconcile_failures_total",
            "Changes that the kernel refused, or that were lost with the channel.");
    private static final Metric DRIFT = GROUP.counter(
            "fairlead_reconcile_drift_total", "Virtual servers found changed by someone else, and repaired.");
    private static final Metric CONTESTED = GROUP.gauge(
            "fairlead_reconcile_contested_virtual_servers",
            "Virtual servers that someone else changes again and again; 20 at most are told.");
    private static final Metric DURATION =
            GROUP.histogram("fairlead_reconcile_duration_seconds", "How long one change of the kernel's table took.");
    private static final Metric FULL_PASS = GROUP.histogram(
            "fairlead_reconcile_full_pass_duration_seconds",
            "How long it took to read the whole table again, in steps between other work.");
    private static final Metric LAST_CHANGE = GROUP.gauge(
            "fairlead_reconcile_last_change_timestamp_seconds", "When the table was last changed, since 1970.");
    private static final Metric LAST_FULL_PASS = GROUP.gauge(
            "fairlead_reconcile_last_full_pass_timestamp_seconds",
            "When the whole table was last found, or made, to be as it should, since 1970.");
    private static final Metric LEAVING =
            GROUP.gauge("fairlead_leaving_virtual_servers", "Virtual servers that left the configuration and drain.");
    private static final Metric COUNTERS_READ = GROUP.gauge(
            "fairlead_kernel_counters_read",
            "Whether the kernel told its counters for this scrape: 1 or 0; with 0 what is counted there is left out.");

    private static final Metric RULES_IN_SYNC = GROUP.gauge(
            "fairlead_packet_rules_in_sync",
            "Whether the rules of nf_tables are as they should be: 1, or 0 while that is tried again.");
    private static final Metric RULES_WRITES =
            GROUP.counter("fairlead_packet_rules_writes_total", "How often the rules of nf_tables were written.");
    private static final Metric RULES_DRIFT = GROUP.counter(
            "fairlead_packet_rules_drift_total", "How often they were found changed by someone else, and repaired.");

    private static final Metric ADDRESSES = GROUP.gauge(
            "fairlead_virtual_addresses",
            "Virtual addresses by their state: present, foreign, unusable, missing or leaving.",
            "state");
    private static final Metric ADDRESS_DRIFT = GROUP.counter(
            "fairlead_virtual_addresses_drift_total",
            "Virtual addresses that others took away or changed, and put back.");
    private static final Metric ADDRESS_FAILING = GROUP.gauge(
            "fairlead_virtual_addresses_failing", "What cannot be done about virtual addresses and is tried again.");

    private static final Metric TURN = GROUP.histogram(
            "fairlead_control_loop_turn_seconds", "How long the control loop took for one event and what followed it.");
    private static final Metric QUEUED =
            GROUP.gauge("fairlead_control_loop_queued", "Events that wait for the control loop.");
    private static final Metric QUEUE_MAX =
            GROUP.gauge("fairlead_control_loop_queue_capacity", "How many events may wait.");
    private static final Metric REFUSED = GROUP.counter(
            "fairlead_control_loop_refused_total", "Requests that were turned away, as the queue was full.");

    private ReconcileMetrics() {}

    static void addTo(Exposition exposition, Scrape scrape) {
        ReconcileStatus status = scrape.loop().reconcile();
        exposition.add(IN_SYNC, samples -> samples.add(status.failing().isEmpty()));
        exposition.add(OPERATIONS, samples -> samples.add(status.operations()));
        exposition.add(FAILURES, samples -> samples.add(status.refusals()));
        exposition.add(DRIFT, samples -> samples.add(status.drift()));
        exposition.add(CONTESTED, samples -> samples.add(status.contested().size()));
        LoopCounts loop = scrape.loopCounts();
        exposition.add(DURATION, samples -> samples.add(loop.changes()));
        exposition.add(FULL_PASS, samples -> samples.add(loop.audits()));
        exposition.add(LAST_CHANGE, samples -> samples.add(status.lastChange()));
        exposition.add(LAST_FULL_PASS, samples -> samples.add(status.lastAudit()));
        exposition.add(LEAVING, samples -> samples.add(scrape.loop().leaving().size()));
        exposition.add(COUNTERS_READ, samples -> samples.add(scrape.kernel().isRead()));

        PacketRuleStatus rules = scrape.loop().packetRules();
        exposition.add(RULES_IN_SYNC, samples -> samples.add(rules.failing().isEmpty()));
        exposition.add(RULES_WRITES, samples -> samples.add(rules.writes()));
        exposition.add(RULES_DRIFT, samples -> samples.add(rules.drift()));

        AddressView addresses = scrape.addresses();
        exposition.add(ADDRESSES, samples -> {
            for (State state : State.values()) {
                samples.add(
                        addresses.addresses().stream()
                                .filter(line -> line.state() == state)
                                .count(),
                        state.name().toLowerCase(Locale.ROOT));
            }
        });
        exposition.add(ADDRESS_DRIFT, samples -> samples.add(addresses.drift()));
        exposition.add(
                ADDRESS_FAILING, samples -> samples.add(addresses.failing().size()));

        exposition.add(TURN, samples -> samples.add(loop.turns()));
        exposition.add(QUEUED, samples -> samples.add(loop.queued()));
        exposition.add(QUEUE_MAX, samples -> samples.add(loop.queueCapacityMax()));
        exposition.add(REFUSED, samples -> samples.add(loop.refused()));
    }
}
