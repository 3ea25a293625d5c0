package io.fairlead.conf.keepalived;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates what a VRRP instance tracks: interfaces, scripts and processes, the latter two defined on their own. */
final class TrackTranslator {

    private static final int WEIGHT_MAX = 253;
    private static final int PROCESS_NAME_MAX = 15;

    private final Arguments arguments;
    private final Remarks remarks;
    private final Map<String, Map<String, Object>> scripts = new HashMap<>();
    private final Map<String, Map<String, Object>> processes = new HashMap<>();

    TrackTranslator(Remarks remarks) {
        this.remarks = remarks;
        this.arguments = new Arguments(remarks);
    }

    /** Takes a definition of a script or a process, which must come first. Returns whether it was one. */
    boolean define(Statement statement) {
        switch (statement.keyword()) {
            case "vrrp_script" -> script(statement);
            case "vrrp_track_process", "track_process" -> process(statement);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void script(Statement definition) {
        Map<String, Object> script = new LinkedHashMap<>();
        for (Statement statement : definition.body()) {
            switch (statement.keyword()) {
                case "script" -> script.put("shell-command", String.join(" ", statement.arguments()));
                case "interval" ->
                    arguments.timer(statement).ifPresent(time -> script.put("interval", Arguments.duration(time)));
                case "timeout" ->
                    arguments.timer(statement).ifPresent(time -> script.put("timeout", Arguments.duration(time)));
                case "rise" -> arguments.number(statement, 1, 100).ifPresent(count -> script.put("rise", count));
                case "fall" -> arguments.number(statement, 1, 100).ifPresent(count -> script.put("fall", count));
                case "user" -> user(statement, script);
                case "weight" ->
                    weight(statement, statement.arguments()).ifPresent(weight -> script.put("weight", weight));
                default -> Uncarried.remark(statement, remarks);
            }
        }
        if (definition.argument(0).isEmpty() || !script.containsKey("shell-command")) {
            remarks.add(definition, "not carried over: no script");
        } else {
            scripts.put(definition.argument(0).get(), script);
        }
    }

    static void user(Statement statement, Map<String, Object> to) {
        statement.argument(0).ifPresent(user -> to.put("user", user));
        statement.arguments().stream()
                .skip(1)
                .filter(word -> !word.equals(":"))
                .findFirst()
                .ifPresent(group -> to.put("group", group));
    }

    private void process(Statement definition) {
        Map<String, Object> process = new LinkedHashMap<>();
        for (Statement statement : definition.body()) {
            switch (statement.keyword()) {
                case "process" -> {
                    String path =
                            String.join(" ", statement.arguments()).strip().split(" ", 2)[0];
                    String name = path.substring(path.lastIndexOf('/') + 1);
                    process.put("name", name.substring(0, Math.min(name.length(), PROCESS_NAME_MAX)));
                    if (statement.arguments().size() > 1) {
                        remarks.add(statement, "not carried over: its arguments; the name alone counts");
                    }
                }
                case "weight" ->
                    weight(statement, statement.arguments()).ifPresent(weight -> process.put("weight", weight));
                default -> Uncarried.remark(statement, remarks);
            }
        }
        if (definition.argument(0).isEmpty() || process.getOrDefault("name", "").equals("")) {
            remarks.add(definition, "not carried over: no process");
        } else {
            processes.put(definition.argument(0).get(), process);
        }
    }

    /** Takes what an instance tracks into {@code track}. Returns whether it was something to be tracked. */
    boolean take(Statement statement, Map<String, Object> track) {
        switch (statement.keyword()) {
            case "track_interface" -> {
                for (Statement name : statement.body()) {
                    add("interfaces", name, Map.of("name", name.keyword()), track);
                }
            }
            case "track_script" -> defined("scripts", statement, scripts, track);
            case "track_process" -> defined("processes", statement, processes, track);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void defined(
            String key, Statement block, Map<String, Map<String, Object>> definitions, Map<String, Object> track) {
        for (Statement name : block.body()) {
            Map<String, Object> definition = definitions.get(name.keyword());
            if (definition == null) {
                remarks.add(name, "not carried over (expected: one that is defined)");
            } else {
                add(key, name, definition, track);
            }
        }
    }

    @SuppressWarnings("unchecked") // only lists of what is tracked are put there
    private void add(String key, Statement use, Map<String, Object> definition, Map<String, Object> track) {
        Map<String, Object> tracked = new LinkedHashMap<>(definition);
        int weight = use.arguments().indexOf("weight");
        if (weight >= 0) {
            weight(use, use.arguments().subList(weight + 1, use.arguments().size()))
                    .ifPresent(own -> tracked.put("weight", own));
        }
        ((List<Map<String, Object>>) track.computeIfAbsent(key, _ -> new ArrayList<Map<String, Object>>()))
                .add(tracked);
    }

    /** {@code N [reverse]}. */
    private Optional<Integer> weight(Statement statement, List<String> words) {
        Optional<Integer> weight =
                words.stream().findFirst().flatMap(Numbers::parse).filter(value -> Math.abs(value) <= WEIGHT_MAX);
        if (weight.isEmpty()) {
            remarks.add(statement, "weight (expected: a number from -" + WEIGHT_MAX + " to " + WEIGHT_MAX + ")");
        }
        if (words.contains("reverse")) {
            remarks.add(statement, "not carried over: reverse");
            return Optional.empty();
        }
        return weight;
    }
}
