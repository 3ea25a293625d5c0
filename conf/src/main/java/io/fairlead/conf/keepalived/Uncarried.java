package io.fairlead.conf.keepalived;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why keywords are not carried over. Every one is named by a remark, those within blocks too. */
final class Uncarried {

    /** A block that says one thing with all that is in it. */
    private static final String ONE_THING = "authentication";

    private static final String PROTOCOL = "peers speak another protocol, see docs/rfc-notes.md";
    private static final String SEALED = "the channel authenticates and encrypts all that peers say, see secret-file";
    private static final String ANNOUNCED = "addresses are announced six times within five seconds";
    private static final String REAL_INTERFACE = "addresses have the hardware address of their interface";
    private static final String ROUTES =
            "Fairlead sets no routes and rules: leave them to the host's network configuration";
    private static final String BFD = "no BFD: a shorter advertisement-interval finds a failure as soon";
    private static final String SYNC = "see high-availability.connection-sync";
    private static final String MAIL = "Fairlead sends no mail: alert from its metrics";
    private static final String SCRIPTS = "one program is told of every change: fairlead.events.notify";
    private static final String PROCESS = "one process, which needs no such tuning";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("authentication", SEALED),
            Map.entry("auth_hmac", SEALED),
            Map.entry("check_unicast_src", SEALED),
            Map.entry("vrrp_check_unicast_src", SEALED),
            Map.entry("vrrp_mcast_group4", PROTOCOL),
            Map.entry("vrrp_mcast_group6", PROTOCOL),
            Map.entry("mcast_dst_ip", PROTOCOL),
            Map.entry("unicast_ttl", PROTOCOL),
            Map.entry("old_unicast_checksum", PROTOCOL),
            Map.entry("v3_checksum_as_v2", PROTOCOL),
            Map.entry("vrrp_strict", PROTOCOL),
            Map.entry("strict_mode", PROTOCOL),
            Map.entry("lower_prio_no_advert", PROTOCOL),
            Map.entry("vrrp_lower_prio_no_advert", PROTOCOL),
            Map.entry("higher_prio_send_advert", PROTOCOL),
            Map.entry("vrrp_higher_prio_send_advert", PROTOCOL),
            Map.entry("skip_check_adv_addr", PROTOCOL),
            Map.entry("vrrp_skip_check_adv_addr", PROTOCOL),
            Map.entry("log_unknown_vrids", PROTOCOL),
            Map.entry("virtual_routes", ROUTES),
            Map.entry("virtual_rules", ROUTES),
            Map.entry("static_routes", ROUTES),
            Map.entry("static_rules", ROUTES),
            Map.entry("track_group", ROUTES),
            Map.entry("track_bfd", BFD),
            Map.entry("bfd_instance", BFD),
            Map.entry("lvs_sync_daemon_interface", SYNC),
            Map.entry("no_accept", "who may connect is told by allow-from of a virtual server"),
            Map.entry("dynamic_interfaces", "always so: an interface that is not there yet is waited for"),
            Map.entry("vrrp_startup_delay", "an appliance takes nothing over before it has listened to its peers"),
            Map.entry("vrrp_notify_fifo", "fairlead events -f -o json is the stream of changes"),
            Map.entry("vrrp_notify_fifo_script", "fairlead events -f -o json is the stream of changes"),
            Map.entry("notify_deleted", "a router that leaves the configuration is told as stopped"),
            Map.entry("init_fail", "a script counts as passing until it has run"),
            Map.entry("notify_master_rx_lower_pri", "nothing happens on that occasion"),
            Map.entry("promote_secondaries", "no address of Fairlead is the secondary of another"),
            Map.entry("vrrp_priority", PROCESS),
            Map.entry("vrrp_rt_priority", PROCESS),
            Map.entry("vrrp_no_swap", PROCESS),
            Map.entry("vrrp_cpu_affinity", PROCESS),
            Map.entry("vrrp_process_name", PROCESS),
            Map.entry("smtp_alert", MAIL),
            Map.entry("smtp_alert_vrrp", MAIL),
            Map.entry("smtp_alert_checker", MAIL),
            Map.entry("smtp_server", MAIL),
            Map.entry("smtp_helo_name", MAIL),
            Map.entry("smtp_connect_timeout", MAIL),
            Map.entry("notification_email", MAIL),
            Map.entry("notification_email_from", MAIL),
            Map.entry("no_email_faults", MAIL),
            Map.entry("no_checker_emails", MAIL),
            Map.entry("notify_up", SCRIPTS),
            Map.entry("notify_down", SCRIPTS),
            Map.entry("quorum_up", SCRIPTS),
            Map.entry("quorum_down", SCRIPTS),
            Map.entry("omega", SCRIPTS),
            Map.entry("notify_fifo", SCRIPTS),
            Map.entry("notify_fifo_script", SCRIPTS),
            Map.entry("lvs_notify_fifo", SCRIPTS),
            Map.entry("lvs_notify_fifo_script", SCRIPTS),
            Map.entry("rs_init_notifies", SCRIPTS),
            Map.entry("startup_script", SCRIPTS),
            Map.entry("shutdown_script", SCRIPTS),
            Map.entry("process_names", PROCESS),
            Map.entry("process_name", PROCESS),
            Map.entry("checker_process_name", PROCESS),
            Map.entry("lvs_process_name", PROCESS),
            Map.entry("checker_priority", PROCESS),
            Map.entry("checker_no_swap", PROCESS),
            Map.entry("checker_cpu_affinity", PROCESS),
            Map.entry("checker_rt_priority", PROCESS),
            Map.entry("max_auto_priority", PROCESS),
            Map.entry("min_auto_priority_delay", PROCESS),
            Map.entry("child_wait_time", PROCESS),
            Map.entry("lvs_flush", "entries that are not Fairlead's are never touched"),
            Map.entry("lvs_flush_on_stop", "the table stays when Fairlead stops, so that traffic goes on"),
            Map.entry("lvs_flush_onstop", "the table stays when Fairlead stops, so that traffic goes on"),
            Map.entry("reload_check_config", "always so: a bad file is refused whole"),
            Map.entry("enable_script_security", "script checks never go through a shell unless asked"),
            Map.entry("net_namespace", "start Fairlead in the namespace"),
            Map.entry("net_namespace_ipvs", "start Fairlead in the namespace"),
            Map.entry("ha_suspend", "checks run on backups too"),
            Map.entry("hashed", "has no effect in keepalived either"),
            Map.entry("warmup", "first probes are spread over one interval"),
            Map.entry("delay_before_retry", "failures are counted at every interval, by fall"),
            Map.entry("fast_recovery", "every page is a check of its own, and all are checked at every interval"),
            Map.entry("log_all_failures", "the last results are shown by fairlead rs show"),
            Map.entry("checker_log_all_failures", "the last results are shown by fairlead rs show"),
            Map.entry("bind_port", "probes come from a port that the kernel chooses"));

    private Uncarried() {}

    /** Remarks on the statement and on all within it. */
    static void remark(Statement statement, Remarks remarks) {
        remark(statement, reason(statement.keyword()).orElse("has no counterpart in Fairlead"), remarks);
    }

    private static void remark(Statement statement, String reason, Remarks remarks) {
        if (statement.keyword().equals(ONE_THING) && !statement.body().isEmpty()) {
            String within = statement.body().stream().map(Statement::keyword).collect(Collectors.joining(" and "));
            remarks.add(statement, "not carried over, with " + within + " in it: " + reason);
            return;
        }
        remarks.add(statement, "not carried over: " + reason);
        for (Statement inner : statement.body()) {
            remark(inner, reason(inner.keyword()).orElse(reason), remarks);
        }
    }

    private static Optional<String> reason(String keyword) {
        return Optional.ofNullable(REASONS.get(keyword))
                .or(() -> keyword.contains("garp") || keyword.contains("gna_")
                        ? Optional.of(ANNOUNCED)
                        : keyword.contains("vmac") || keyword.contains("ipvlan")
                                ? Optional.of(REAL_INTERFACE)
                                : keyword.contains("snmp") || keyword.contains("dbus") || keyword.equals("enable_traps")
                                        ? Optional.of("Fairlead is watched by Prometheus")
                                        : Optional.empty());
    }
}
