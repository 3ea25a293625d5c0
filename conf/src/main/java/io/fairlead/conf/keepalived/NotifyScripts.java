package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scripts that an instance or a sync group runs on changes of its role: one line of a shell here. */
final class NotifyScripts {

    private static final String STATES =
            "case $1 in master) S=MASTER;; backup) S=BACKUP;; fault) S=FAULT;; *) S=STOP;; esac";

    private final String kind;
    private final String name;
    private final Map<String, String> byRole = new LinkedHashMap<>();
    private final List<String> every = new ArrayList<>();
    private Optional<ScriptUser> user = Optional.empty();

    /** @param kind INSTANCE or GROUP, as scripts are told */
    NotifyScripts(String kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** Takes a keyword in if it is one of these. */
    boolean take(Statement statement) {
        String role = switch (statement.keyword()) {
            case "notify_master" -> "master";
            case "notify_backup" -> "backup";
            case "notify_fault" -> "fault";
            case "notify_stop" -> "stopped";
            case "notify" -> "";
            default -> "none of these";
        };
        if (role.contains(" ")) {
            return false;
        }
        ScriptCommand command = ScriptCommand.quoted(statement.argument(0).orElse(""));
        if (command.isEmpty()) {
            return true;
        }
        List<String> words = statement.arguments();
        user = user.or(() -> ScriptUser.parse(words.subList(1, words.size())));
        if (role.isEmpty()) {
            every.add(command.line() + " " + kind + " " + ScriptCommand.quote(name) + " $S "
                    + (kind.equals("GROUP") ? "0" : "\"$2\""));
        } else {
            byRole.put(role, command.line());
        }
        return true;
    }

    boolean isEmpty() {
        return byRole.isEmpty() && every.isEmpty();
    }

    /** Returns the block {@code notify} of all that move as one. */
    static Map<String, Object> block(List<NotifyScripts> all, Optional<ScriptUser> scriptUser) {
        List<String> lines = new ArrayList<>();
        if (all.stream().anyMatch(scripts -> !scripts.every.isEmpty())) {
            lines.add(STATES);
        }
        for (NotifyScripts scripts : all) {
            if (!scripts.byRole.isEmpty()) {
                StringBuilder line = new StringBuilder("case $1 in ");
                scripts.byRole.forEach((role, command) ->
                        line.append(role).append(") ").append(command).append(";; "));
                lines.add(line.append("esac").toString());
            }
            lines.addAll(scripts.every);
        }
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("shell-command", String.join("; ", lines));
        all.stream()
                .flatMap(scripts -> scripts.user.stream())
                .findFirst()
                .or(() -> scriptUser)
                .ifPresent(user -> user.put(block));
        block.put("timeout", new Plain("10m")); // as long as it takes, there
        return block;
    }

    Optional<ScriptUser> user() {
        return user;
    }
}
