package io.fairlead.conf.keepalived;

import java.util.Optional;

/** What {@code global_defs} says of failover. */
final class VrrpGlobals {

    private final Arguments arguments;
    private String defaultInterface = "eth0";
    private long downTimerAdverts = 3;
    private Optional<ScriptUser> scriptUser = Optional.empty();
    private Optional<Statement> syncDaemon = Optional.empty();

    VrrpGlobals(Remarks remarks) {
        this.arguments = new Arguments(remarks);
    }

    /** Takes a keyword in if it is one of these. */
    boolean take(Statement statement) {
        switch (statement.keyword()) {
            case "default_interface" -> arguments.text(statement).ifPresent(name -> defaultInterface = name);
            case "vrrp_down_timer_adverts" ->
                arguments.number(statement, 1, 100).ifPresent(number -> downTimerAdverts = number);
            case "script_user" -> scriptUser = ScriptUser.parse(statement.arguments());
            case "lvs_sync_daemon" -> syncDaemon = Optional.of(statement);
            case "vrrp_version" -> {} // the protocol between peers is another one
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Where addresses are that name no interface. */
    String defaultInterface() {
        return defaultInterface;
    }

    long downTimerAdverts() {
        return downTimerAdverts;
    }

    /** As whom scripts run that name no user. */
    Optional<ScriptUser> scriptUser() {
        return scriptUser;
    }

    Optional<Statement> syncDaemon() {
        return syncDaemon;
    }
}
