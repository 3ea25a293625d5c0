package io.fairlead.conf.keepalived;

import io.fairlead.conf.keepalived.HoconText.Plain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Translates the checkers of a real server. */
final class CheckTranslator {

    private static final Duration DELAY_LOOP = Duration.ofSeconds(60);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);
    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
    private static final int FALL_MAX = 100;

    private static final Pattern STATUSES = Pattern.compile("([1-5][0-9]{2})(-[1-5][0-9]{2})?");
    private static final Set<String> CHECKERS = Set.of(
            "TCP_CHECK",
            "HTTP_GET",
            "SSL_GET",
            "SMTP_CHECK",
            "DNS_CHECK",
            "PING_CHECK",
            "UDP_CHECK",
            "MISC_CHECK",
            "BFD_CHECK",
            "FILE_CHECK");

    private final Arguments arguments;
    private final Remarks remarks;
    private final Map<String, String> trackFiles;

    /** @param trackFiles the path of each {@code track_file} */
    CheckTranslator(Map<String, String> trackFiles, Remarks remarks) {
        this.trackFiles = trackFiles;
        this.remarks = remarks;
        this.arguments = new Arguments(remarks);
    }

    static boolean isChecker(String keyword) {
        return CHECKERS.contains(keyword);
    }

    /** Returns what comes of one checker: several for one with several pages, none if it cannot be carried over. */
    List<Map<String, Object>> translate(Statement checker, CheckDefaults around) {
        return switch (checker.keyword()) {
            case "TCP_CHECK" -> one(checker, around, "tcp", 1, (_, _) -> false);
            case "HTTP_GET" -> pages(checker, around, "http");
            case "SSL_GET" -> pages(checker, around, "https");
            case "SMTP_CHECK" -> one(checker, around, "smtp", 1, this::smtp);
            case "DNS_CHECK" -> one(checker, around, "dns", 3, this::dns);
            case "PING_CHECK" -> one(checker, around, "icmp", 1, (_, _) -> false);
            case "UDP_CHECK" -> one(checker, around, "udp", 1, this::udp);
            case "MISC_CHECK" -> misc(checker, around);
            case "FILE_CHECK" -> file(checker, around);
            default -> {
                Uncarried.remark(checker, remarks);
                yield List.of();
            }
        };
    }

    private interface Own {
        /** Returns whether the keyword was one of this type's own. */
        boolean take(Statement statement, Map<String, Object> check);
    }

    private List<Map<String, Object>> one(Statement checker, CheckDefaults around, String type, int retry, Own own) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("type", new Plain(type));
        CheckDefaults defaults = around;
        for (Statement statement : checker.body()) {
            Optional<CheckDefaults> changed = defaults.with(statement, arguments);
            if (changed.isPresent()) {
                defaults = changed.get();
            } else if (!common(statement, check) && !own.take(statement, check)) {
                Uncarried.remark(statement, remarks);
            }
        }
        times(checker, check, defaults, retry);
        return List.of(check);
    }

    /** What all that connect have. */
    private boolean common(Statement statement, Map<String, Object> check) {
        switch (statement.keyword()) {
            case "connect_ip" ->
                arguments.address(statement).ifPresent(address -> check.put("address", address.toString()));
            case "connect_port" -> arguments.number(statement, 1, 65535).ifPresent(port -> check.put("port", port));
            case "bindto" ->
                arguments.address(statement).ifPresent(address -> check.put("source-address", address.toString()));
            case "bind_if" -> arguments.text(statement).ifPresent(name -> check.put("source-interface", name));
            case "fwmark" -> arguments.number(statement, 0, 0xffff_ffffL).ifPresent(mark -> check.put("mark", mark));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A first success is enough there, and {@code retry} failures are forgiven. */
    private void times(Statement checker, Map<String, Object> check, CheckDefaults defaults, int retryDefault) {
        Duration interval =
                within(checker, "delay_loop", defaults.delayLoop().orElse(DELAY_LOOP), INTERVAL_MIN, INTERVAL_MAX);
        Duration timeout = within(
                checker, "connect_timeout", defaults.connectTimeout().orElse(CONNECT_TIMEOUT), TIMEOUT_MIN, interval);
        long fall = defaults.retry().orElse((long) retryDefault) + 1;
        if (fall > FALL_MAX) {
            remarks.add(checker, "retry: " + (fall - 1) + " becomes " + (FALL_MAX - 1));
            fall = FALL_MAX;
        }
        check.put("interval", Arguments.duration(interval));
        check.put("timeout", Arguments.duration(timeout));
        check.put("rise", 1);
        check.put("fall", fall);
        check.put("initial-state", new Plain(defaults.alpha().orElse(false) ? "down" : "up"));
    }

    private Duration within(Statement checker, String keyword, Duration wanted, Duration min, Duration max) {
        Duration taken = wanted.compareTo(min) < 0 ? min : wanted.compareTo(max) > 0 ? max : wanted;
        if (!taken.equals(wanted)) {
            remarks.add(
                    checker,
                    keyword + ": " + Arguments.duration(wanted).text() + " becomes "
                            + Arguments.duration(taken).text());
        }
        return taken;
    }

    private List<Map<String, Object>> pages(Statement checker, CheckDefaults around, String type) {
        Map<String, Object> shared = new LinkedHashMap<>();
        shared.put("type", new Plain(type));
        CheckDefaults defaults = around;
        List<Statement> urls = new ArrayList<>();
        boolean sendsName = false;
        @Nullable String name = null;
        for (Statement statement : checker.body()) {
            Optional<CheckDefaults> changed = defaults.with(statement, arguments);
            if (changed.isPresent()) {
                defaults = changed.get();
            } else if (statement.keyword().equals("url")) {
                urls.add(statement);
            } else if (statement.keyword().equals("enable_sni")) {
                sendsName = arguments.choice(statement);
            } else if (statement.keyword().equals("sni_name")) {
                name = arguments.text(statement).orElse(null);
                sendsName = true;
            } else if (statement.keyword().equals("http_protocol")) {
                if (!statement.argument(0).equals(Optional.of("1.1"))) {
                    remarks.add(statement, "not carried over: requests are HTTP/1.1");
                }
            } else if (!common(statement, shared)) {
                Uncarried.remark(statement, remarks);
            }
        }
        if (type.equals("https")) {
            shared.put("verify-tls", false);
            if (name != null) {
                shared.put("server-name", name);
            }
        }
        if (urls.isEmpty()) {
            remarks.add(checker, "no url (asked for: /)");
            urls.add(new Statement(checker.at(), List.of("url"), List.of()));
        }
        List<Map<String, Object>> checks = new ArrayList<>();
        for (Statement url : urls) {
            Map<String, Object> check = new LinkedHashMap<>(shared);
            page(url, check, defaults);
            times(checker, check, defaults, 1);
            checks.add(check);
        }
        if (sendsName && name == null && checks.stream().noneMatch(check -> check.containsKey("host"))) {
            remarks.add(checker, "enable_sni: no virtualhost to name (the address is)");
        }
        return checks;
    }

    private void page(Statement url, Map<String, Object> check, CheckDefaults defaults) {
        defaults.virtualHost().ifPresent(host -> check.put("host", host));
        for (Statement statement : url.body()) {
            switch (statement.keyword()) {
                case "path" -> arguments.text(statement).ifPresent(path -> check.put("path", path));
                case "digest" -> arguments.text(statement).ifPresent(digest -> check.put("expect-digest", digest));
                case "virtualhost" -> arguments.text(statement).ifPresent(host -> check.put("host", host));
                case "status_code" -> {
                    if (statement.arguments().stream()
                            .allMatch(range -> STATUSES.matcher(range).matches())) {
                        check.put("expect-status", statement.arguments());
                    } else {
                        Uncarried.remark(statement, remarks);
                    }
                }
                case "regex" -> arguments.text(statement).ifPresent(regex -> check.put("expect-body", regex));
                default -> Uncarried.remark(statement, remarks);
            }
        }
    }

    private boolean smtp(Statement statement, Map<String, Object> check) {
        if (!statement.keyword().equals("helo_name")) {
            return false;
        }
        arguments.text(statement).ifPresent(name -> check.put("helo-name", name));
        return true;
    }

    private boolean dns(Statement statement, Map<String, Object> check) {
        switch (statement.keyword()) {
            case "type" ->
                arguments
                        .text(statement)
                        .ifPresent(type -> check.put("record-type", new Plain(type.toUpperCase(Locale.ROOT))));
            case "name" -> arguments.text(statement).ifPresent(name -> check.put("name", name));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean udp(Statement statement, Map<String, Object> check) {
        switch (statement.keyword()) {
            case "payload" -> hexadecimal(statement).ifPresent(hex -> check.put("payload-hex", hex));
            case "require_reply" -> {
                check.put("require-reply", true);
                if (!statement.arguments().isEmpty()) {
                    hexadecimal(statement).ifPresent(hex -> check.put("expect-reply-hex", hex));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A four-bit wildcard is X there. */
    private Optional<String> hexadecimal(Statement statement) {
        String digits = String.join("", statement.arguments()).toLowerCase(Locale.ROOT);
        if (digits.matches("([0-9a-fx]{2})+")) {
            return Optional.of(digits);
        }
        remarks.add(statement, "\"" + digits + "\" (expected: hexadecimal digits in pairs)");
        return Optional.empty();
    }

    private List<Map<String, Object>> misc(Statement checker, CheckDefaults around) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("type", new Plain("script"));
        CheckDefaults defaults = around;
        for (Statement statement : checker.body()) {
            Optional<CheckDefaults> changed = defaults.with(statement, arguments);
            if (changed.isPresent()) {
                defaults = changed.get();
                continue;
            }
            switch (statement.keyword()) {
                case "misc_path" -> {
                    ScriptCommand command = ScriptCommand.of(statement);
                    if (!command.isEmpty()) {
                        command.put(check);
                    }
                }
                case "misc_timeout" -> {
                    Optional<Duration> timeout = arguments.timer(statement).filter(time -> !time.isZero());
                    defaults = new CheckDefaults(
                            timeout.or(defaults::delayLoop),
                            defaults.retry(),
                            defaults.delayLoop(),
                            defaults.alpha(),
                            defaults.virtualHost());
                }
                case "misc_dynamic" -> check.put("exit-code-sets-weight", arguments.choice(statement));
                case "user" -> ScriptUser.parse(statement.arguments()).ifPresent(user -> user.put(check));
                default -> Uncarried.remark(statement, remarks);
            }
        }
        if (!check.containsKey("command") && !check.containsKey("shell-command")) {
            remarks.add(checker, "not carried over: no misc_path");
            return List.of();
        }
        times(checker, check, defaults.connectTimeout().isPresent() ? defaults : untimed(defaults), 0);
        return List.of(check);
    }

    /** A script may take the whole interval. */
    private static CheckDefaults untimed(CheckDefaults defaults) {
        return new CheckDefaults(
                Optional.of(defaults.delayLoop().orElse(DELAY_LOOP)),
                defaults.retry(),
                defaults.delayLoop(),
                defaults.alpha(),
                defaults.virtualHost());
    }

    private List<Map<String, Object>> file(Statement checker, CheckDefaults around) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("type", new Plain("file"));
        for (Statement statement : checker.body()) {
            if (statement.keyword().equals("track_file")) {
                Optional<String> path =
                        arguments.text(statement).flatMap(name -> Optional.ofNullable(trackFiles.get(name)));
                path.ifPresentOrElse(
                        found -> check.put("file", found), () -> remarks.add(statement, "no track_file of this name"));
            } else {
                Uncarried.remark(statement, remarks);
            }
        }
        if (!check.containsKey("file")) {
            remarks.add(checker, "not carried over: no file");
            return List.of();
        }
        remarks.add(checker, "the file is read at every interval, and a number in it is the weight");
        times(checker, check, around, 0);
        return List.of(check);
    }
}
