package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.WordSplitter.Word;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Translates the scripts that are run on changes into one line for a shell, which gives them what keepalived does: the one of
 * the role nothing, the general one the kind, the name, the role in capitals, and the priority.
 */
final class NotifyTranslator {

    private final String kind;
    private final Arguments arguments;
    private final Remarks remarks;
    private final Map<String, String> byRole = new LinkedHashMap<>();
    private final Map<String, Object> account = new LinkedHashMap<>();
    private Optional<String> general = Optional.empty();

    /** @param kind what the general script is told first: {@code INSTANCE} or {@code GROUP} */
    NotifyTranslator(String kind, Arguments arguments, Remarks remarks) {
        this.kind = kind;
        this.arguments = arguments;
        this.remarks = remarks;
    }

    /** Returns whether the keyword names such a script. */
    boolean take(Statement statement) {
        switch (statement.keyword()) {
            case "notify_master" -> command(statement).ifPresent(command -> byRole.put("master", command));
            case "notify_backup" -> command(statement).ifPresent(command -> byRole.put("backup", command));
            case "notify_fault" -> command(statement).ifPresent(command -> byRole.put("fault", command));
            case "notify_stop" -> command(statement).ifPresent(command -> byRole.put("stopped", command));
            case "notify" -> general = command(statement);
            default -> {
                return false;
            }
        }
        return true;
    }

    private Optional<String> command(Statement statement) {
        Map<String, Object> own = new LinkedHashMap<>();
        if (statement.arguments().size() > 1) {
            TrackTranslator.user(
                    new Statement(
                            statement.at(),
                            statement.words().subList(1, statement.words().size()),
                            statement.body()),
                    own);
        }
        if (account.isEmpty()) {
            account.putAll(own);
        } else if (!own.isEmpty() && !own.equals(account)) {
            remarks.add(statement, "not carried over: all scripts of one router are run by one user");
        }
        return arguments
                .text(statement)
                .filter(text -> WordSplitter.split(text).stream()
                        .map(Word::text)
                        .findAny()
                        .isPresent());
    }

    /** Returns block {@code notify}, if there is any script. */
    Optional<Map<String, Object>> translated() {
        if (byRole.isEmpty() && general.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder line = new StringBuilder();
        if (!byRole.isEmpty()) {
            line.append("case $1 in");
            byRole.forEach((role, command) ->
                    line.append(' ').append(role).append(") ").append(command).append(" ;;"));
            line.append(" esac");
        }
        general.ifPresent(command -> line.append(line.isEmpty() ? "" : "; ")
                .append("case $1 in stopped) role=STOP ;; *) role=$(echo $1 | tr a-z A-Z) ;; esac; ")
                .append(command)
                .append(' ')
                .append(kind)
                .append(" \"$0\" $role $2"));
        Map<String, Object> notify = new LinkedHashMap<>();
        notify.put("shell-command", line.toString());
        notify.putAll(account);
        return Optional.of(notify);
    }
}
