package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scripts, files and processes that can be tracked, by their names, and what blocks that track them come to. */
final class Trackers {

    private static final int WEIGHT_MAX = 253;
    private static final int PROCESS_NAME_MAX = 15;
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);
    private static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(1);

    private final Remarks remarks;
    private final Arguments arguments;
    private final Map<String, Definition> scripts = new HashMap<>();
    private final Map<String, Definition> processes = new HashMap<>();
    private final Map<String, Definition> files = new HashMap<>();

    /**
     * Something that can be tracked.
     *
     * @param list the key of Fairlead that lists such things
     * @param weight 0 if its failure is a fault
     */
    private record Definition(String list, Map<String, Object> block, long weight) {}

    Trackers(Remarks remarks) {
        this.remarks = remarks;
        this.arguments = new Arguments(remarks);
    }

    /** Takes a definition in if the statement is one; all must be there before anything is tracked. */
    boolean define(Statement statement, Optional<ScriptUser> scriptUser) {
        String name = statement.argument(0).orElse("");
        switch (statement.keyword()) {
            case "vrrp_script" -> script(statement, scriptUser).ifPresent(found -> scripts.put(name, found));
            case "vrrp_track_process", "track_process" ->
                process(statement).ifPresent(found -> processes.put(name, found));
            case "vrrp_track_file", "track_file" -> file(statement).ifPresent(found -> files.put(name, found));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Takes a block in that tracks such things, or interfaces. */
    boolean track(Statement block, Tracks tracks) {
        switch (block.keyword()) {
            case "track_interface" ->
                block.body()
                        .forEach(line -> weight(line, 0)
                                .ifPresent(weight -> tracks.add(
                                        "interfaces", line.keyword(), weight, Map.of("name", line.keyword()))));
            case "track_script" -> block.body().forEach(line -> track(line, "vrrp_script", scripts, tracks));
            case "track_process" -> block.body().forEach(line -> track(line, "vrrp_track_process", processes, tracks));
            case "track_file" -> block.body().forEach(line -> track(line, "track_file", files, tracks));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void track(Statement line, String kind, Map<String, Definition> definitions, Tracks tracks) {
        Definition definition = definitions.get(line.keyword());
        if (definition == null) {
            remarks.add(line, "not carried over: no " + kind + " of this name");
            return;
        }
        if (definition.list().isEmpty()) { // a file
            long weight = weight(line, definition.weight()).orElse(1L);
            if (weight != 0) {
                remarks.add(
                        line,
                        "not carried over: a priority by the number in a file; use a script with a weight"
                                + " for each value that matters");
                return;
            }
            tracks.add("scripts", line.keyword(), 0, definition.block());
            return;
        }
        weight(line, definition.weight())
                .ifPresent(weight -> tracks.add(definition.list(), line.keyword(), weight, definition.block()));
    }

    /** {@code [weight N [reverse|noreverse]]}; empty if it cannot be had. */
    private Optional<Long> weight(Statement line, long otherwise) {
        List<String> words = line.arguments();
        if (words.isEmpty()) {
            return Optional.of(otherwise);
        }
        Optional<Long> weight = words.getFirst().equals("weight") && words.size() > 1
                ? Numbers.parseLong(words.get(1))
                : Optional.empty();
        if (weight.isEmpty()) {
            remarks.add(line, "\"" + String.join(" ", words) + "\" (expected: weight and a number)");
            return Optional.of(otherwise);
        }
        return limited(line, weight.get(), words.contains("reverse"));
    }

    /** {@code N [reverse]}, in the definition of what is tracked. */
    private Optional<Long> ownWeight(Statement statement) {
        return arguments
                .number(statement, -WEIGHT_MAX - 1, WEIGHT_MAX + 1)
                .flatMap(weight ->
                        limited(statement, weight, statement.arguments().contains("reverse")));
    }

    private Optional<Long> limited(Statement line, long weight, boolean isReverse) {
        if (isReverse) {
            remarks.add(line, "not carried over: reverse has no counterpart in Fairlead");
            return Optional.empty();
        }
        long limited = Math.max(-WEIGHT_MAX, Math.min(WEIGHT_MAX, weight));
        if (limited != weight) {
            remarks.add(line, "weight: " + weight + " becomes " + limited);
        }
        return Optional.of(limited);
    }

    private Optional<Definition> script(Statement definition, Optional<ScriptUser> scriptUser) {
        Map<String, Object> block = new LinkedHashMap<>();
        Optional<ScriptUser> user = scriptUser;
        Duration interval = INTERVAL_DEFAULT;
        Optional<Duration> timeout = Optional.empty();
        long rise = 1;
        long fall = 1;
        Optional<Long> weight = Optional.of(0L);
        for (Statement statement : definition.body()) {
            switch (statement.keyword()) {
                case "script" -> {
                    ScriptCommand command = ScriptCommand.of(statement);
                    if (!command.isEmpty()) {
                        command.put(block);
                    }
                }
                case "interval" -> interval = arguments.timer(statement).orElse(interval);
                case "timeout" -> timeout = arguments.timer(statement);
                case "rise" -> rise = arguments.number(statement, 1, 100).orElse(rise);
                case "fall" -> fall = arguments.number(statement, 1, 100).orElse(fall);
                case "weight" -> weight = ownWeight(statement);
                case "user" -> user = ScriptUser.parse(statement.arguments()).or(() -> scriptUser);
                default -> Uncarried.remark(statement, remarks);
            }
        }
        if (block.isEmpty()) {
            remarks.add(definition, "not carried over: no script");
            return Optional.empty();
        }
        if (weight.isEmpty()) {
            return Optional.empty();
        }
        user.ifPresent(found -> {
            found.put(block);
            remarks.add(definition, "user: another user than Fairlead's needs CAP_SETUID and CAP_SETGID");
        });
        Duration taken = atMost(definition, "interval", interval, INTERVAL_MAX);
        if (taken.compareTo(INTERVAL_MIN) < 0) {
            remarks.add(definition, "interval: " + Arguments.duration(taken).text() + " becomes 100ms");
            taken = INTERVAL_MIN;
        }
        block.put("interval", Arguments.duration(taken));
        if (timeout.isPresent() && !timeout.get().isZero()) {
            block.put("timeout", Arguments.duration(atMost(definition, "timeout", timeout.get(), taken)));
        }
        block.put("rise", rise);
        block.put("fall", fall);
        return Optional.of(new Definition("scripts", block, weight.get()));
    }

    private Duration atMost(Statement statement, String key, Duration value, Duration max) {
        if (value.compareTo(max) <= 0) {
            return value;
        }
        remarks.add(
                statement,
                key + ": " + Arguments.duration(value).text() + " becomes "
                        + Arguments.duration(max).text());
        return max;
    }

    /** By the name that the kernel has of it, as Fairlead looks for no arguments. */
    private Optional<Definition> process(Statement definition) {
        Optional<String> name = Optional.empty();
        Optional<Long> weight = Optional.of(0L);
        for (Statement statement : definition.body()) {
            switch (statement.keyword()) {
                case "process" -> {
                    ScriptCommand command = ScriptCommand.of(statement);
                    if (!command.isEmpty()) {
                        String path = command.words().getFirst();
                        String file = path.substring(path.lastIndexOf('/') + 1);
                        name = Optional.of(file.substring(0, Math.min(PROCESS_NAME_MAX, file.length())));
                        if (command.words().size() > 1) {
                            remarks.add(statement, "its arguments are not looked at");
                        }
                    }
                }
                case "weight" -> weight = ownWeight(statement);
                case "full_command" -> {} // the name is the same
                default -> Uncarried.remark(statement, remarks);
            }
        }
        if (name.isEmpty()) {
            remarks.add(definition, "not carried over: no process");
        }
        if (name.isEmpty() || weight.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Definition("processes", Map.of("name", name.get()), weight.get()));
    }

    /** A number other than 0 is a fault there, where a file of Fairlead's must pass: a script says the same. */
    private Optional<Definition> file(Statement definition) {
        Optional<String> path = Optional.empty();
        long weight = 1;
        for (Statement statement : definition.body()) {
            switch (statement.keyword()) {
                case "file" -> path = arguments.text(statement);
                case "weight" ->
                    weight = statement.argument(0).flatMap(Numbers::parseLong).orElse(weight);
                default -> {}
            }
        }
        if (path.isEmpty()) {
            remarks.add(definition, "not carried over: no file");
            return Optional.empty();
        }
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("shell-command", "! grep -qs -m 1 '[1-9]' " + ScriptCommand.quote(path.get()));
        block.put("interval", new Plain("1s"));
        return Optional.of(new Definition("", block, weight));
    }
}
