package io.fairlead.conf.keepalived;

import java.util.Map;
import java.util.Optional;

/** Why keywords are not carried over. Every one is remarked on, those within blocks too. */
final class Uncarried {

    private static final String FAILOVER = "has no counterpart in high-availability";
    private static final String MAIL = "Fairlead sends no mail: alert from its metrics";
    private static final String SCRIPTS = "scripts are not run on changes: alert from its metrics";
    private static final String PROCESS = "one process, which needs no such tuning";

    private static final Map<String, String> REASONS = Map.ofEntries(
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
        remarks.add(statement, "not carried over: " + reason);
        for (Statement inner : statement.body()) {
            remark(inner, reason(inner.keyword()).orElse(reason), remarks);
        }
    }

    private static Optional<String> reason(String keyword) {
        if (keyword.startsWith("vrrp_")
                || keyword.startsWith("static_")
                || keyword.startsWith("track_")
                || keyword.startsWith("bfd_")
                || keyword.equals("garp_group")
                || keyword.equals("lvs_sync_daemon")) {
            return Optional.of(FAILOVER);
        }
        return Optional.ofNullable(REASONS.get(keyword))
                .or(() -> keyword.contains("snmp") || keyword.contains("dbus") || keyword.equals("enable_traps")
                        ? Optional.of("Fairlead is watched by Prometheus")
                        : Optional.empty());
    }
}
