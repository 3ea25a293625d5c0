package io.fairlead.conf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A file of the plain shape that is edited at random: mostly as people do, sometimes as a cat on the keyboard does. */
final class EditedFile {

    private static final int SERVERS = 12;

    private static final List<String> NOISE = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            "=",
            ":",
            "$",
            "\n",
            "#",
            "/",
            "//",
            "+",
            ".",
            "\\",
            "\r",
            "\t",
            "\u00a0",
            "\ufeff",
            "\u0000",
            "\u000b",
            "\u2028",
            "'",
            "`",
            "(",
            "*",
            "&",
            "a",
            "1",
            "-",
            "ä",
            "{}",
            "[]",
            "\"\"",
            "\"\"\"",
            "+=",
            "null",
            "\\\"",
            "\\\n",
            "# { [ \" // }\n",
            "// } ] \" # {\n",
            " # \"\n",
            "\n\n",
            "\n,\n",
            "\n# ${x} += {\n",
            "\n\"quoted\" { fwmark = 77 }\n",
            "\nvs-3 { }\n",
            "\nvs-3 { weight = 3 }\n",
            "\nvs-3 = null\n",
            "\nvs-3.port = 81\n",
            "\nport = 81\n",
            "\nport += 81\n",
            "\nreal-servers += {}\n",
            "\nreal-servers += { address = \"198.51.100.77\", port = 80 }\n",
            "\nvs-3 = ${fairlead.virtual-servers.vs-4}\n",
            "\nscheduler = ${fairlead.defaults.scheduler}\n",
            "\ninclude \"other.conf\"\n",
            "\ninclude file(\"other.conf\")\n",
            "\ninclude \"missing.conf\"\n",
            "\ninclude { fwmark = 3 }\n",
            "\ninclude = 3\n",
            "\nfairlead.virtual-servers.vs-3.port = 81\n",
            "\nvirtual-servers.vs-3.port = 81\n",
            "\n}\n}\nfairlead { virtual-servers {\n",
            "\n}\nvirtual-servers {\n",
            "\nvs-new { fwmark = 5, family = ipv4 }\n",
            "\nvs-new { fwmark = 5, family = ipv4 } # {\n",
            "\nvs-new = { fwmark = 5, family = ipv4 }\n",
            "\nvs new { fwmark = 5, family = ipv4 }\n",
            "\nvs-new\n{ fwmark = 5, family = ipv4 }\n",
            "\nvs-new { fwmark = 5 } { family = ipv4 }\n",
            "\nvs-new =\n{ fwmark = 5, family = ipv4 }\n",
            "\ntrue { fwmark = 5, family = ipv4 }\n",
            "\n007 { fwmark = 5, family = ipv4 }\n",
            "\n1e5 { fwmark = 5, family = ipv4 }\n",
            "\n-x { fwmark = 5, family = ipv4 }\n",
            "\nvs-new { fwmark = 5, family = ipv4, scheduler = /* wlc */ }\n",
            "\nvs-new { fwmark = 5, family = ipv4, health-check { type = http, path = \"/a//b#c{\\\"\\\\\" } }\n");

    private static final List<String> OPTIONS = List.of(
            "",
            "health-check { type = http, path = \"/a#b//c{[\\\"\" }",
            "scheduler = rr",
            "inhibit-on-failure = true",
            "persistence { timeout = 1m }");
    private static final List<String> ENDS =
            List.of("\n", ",\n", "\n\n", "\n    # }\n", "\n    // {\n", " # \"x\n", "\r\n", "\n,\n");

    private final Random random;
    private String head;
    private final List<String> members = new ArrayList<>();
    private String tail = "  }\n}\n";
    private String text;
    private List<String> kept = List.of();

    EditedFile(Random random) {
        this.random = random;
        head = "# a file\nfairlead {\n  node-name = edge\n  defaults { scheduler = wrr }\n  virtual-servers {\n";
        for (int i = 0; i < SERVERS; i++) {
            members.add(member("vs-" + i, i));
        }
        text = plain();
    }

    private String plain() {
        return head + String.join("", members) + tail;
    }

    /** Returns the file as it is now; now and then with a byte that is not UTF-8. */
    byte[] bytes() {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(20) == 0) {
            bytes = Arrays.copyOf(bytes, bytes.length);
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0xff : 0xc3);
        }
        return bytes;
    }

    private String member(String name, int number) {
        String assign = pick(List.of(" ", " = ", ": ", "=", "", "\t"));
        String separator = pick(List.of(", ", "\n      ", "\n", " # } \"\n", ",\n // {\n"));
        StringBuilder realServers = new StringBuilder();
        for (int i = 0; i < random.nextInt(4); i++) {
            realServers.append("        { address = \"198.51.100.%d\", weight = %d }%s"
                    .formatted(10 * (number % 20) + i, random.nextInt(100), random.nextBoolean() ? ",\n" : "\n"));
        }
        String option = pick(OPTIONS);
        return "    " + name + assign + "{" + pick(List.of("\n", " ", "\n # a comment { with [ \"\n"))
                + "address = \"192.0.2.%d\"".formatted(number % 250) + separator
                + "port = 80" + separator
                + (option.isEmpty() ? "" : option + separator)
                + "real-servers = [\n" + realServers + "]"
                + pick(List.of("\n", " ", " # ]\n"))
                + "}" + pick(ENDS);
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Edits the file: as people do from its last plain state, or by disturbing it as it is. */
    void edit() {
        if (random.nextInt(3) > 0) {
            editPlainly();
            text = plain();
        }
        if (random.nextInt(2) == 0) {
            for (int i = random.nextInt(2); i >= 0; i--) {
                disturb();
            }
        }
    }

    private void editPlainly() {
        if (random.nextInt(3) > 0 && !kept.isEmpty()) { // so that a mistake does not stay for ever
            members.clear();
            members.addAll(kept);
        }
        kept = List.of();
        int at = random.nextInt(members.size());
        int other = random.nextInt(members.size());
        int number = random.nextInt(40);
        String member = members.get(at);
        int edit = random.nextInt(20);
        if (edit >= 3 && edit <= 6) {
            kept = List.copyOf(members);
        }
        switch (edit) {
            case 0, 1, 2 -> members.set(at, member.replaceFirst("weight = \\d+", "weight = " + random.nextInt(100)));
            case 3 -> members.add(at, member("vs-" + number, number));
            case 4 -> members.set(at, member("vs-" + at, number));
            case 5 -> members.set(at, member.replaceFirst("vs-\\d+", "vs-" + number));
            case 6 -> members.add(other, member);
            case 7 -> members.set(at, members.set(other, member));
            case 8 -> members.set(at, "    # {\n" + member);
            case 9 -> members.set(at, "\n\n" + member);
            case 10 -> members.set(at, member.replaceFirst("port = \\d+", "port = " + (80 + random.nextInt(3))));
            case 11 ->
                head = random.nextBoolean()
                        ? head.replaceFirst("scheduler = \\w+", "scheduler = " + pick(List.of("rr", "wlc", "sh")))
                        : head.replaceFirst("node-name = \\w+", "node-name = " + pick(List.of("edge", "west")));
            case 12 ->
                tail = pick(
                        List.of("  }\n}\n", "  }}", "\n#\n  }\n  reconcile { interval = 9s }\n}\n", "  }\n} # end\n"));
            case 13 -> {
                if (members.size() > 4) {
                    members.remove(at);
                }
            }
            case 14 -> members.add(at, member("new-" + number, 100 + number));
            default -> members.set(at, member.replaceFirst("weight = \\d+", "weight = " + random.nextInt(100)));
        }
    }

    private void disturb() {
        int at = position();
        switch (random.nextInt(6)) {
            case 0 ->
                text = text.substring(0, at) + text.substring(Math.min(text.length(), at + 1 + random.nextInt(3)));
            case 1 -> {
                int end = Math.min(text.length(), at + random.nextInt(200));
                int to = random.nextInt(at + 1);
                text = text.substring(0, to) + text.substring(at, end) + text.substring(to, at) + text.substring(end);
            }
            default -> text = text.substring(0, at) + pick(NOISE) + text.substring(at);
        }
    }

    /** Anywhere, but rather where something begins or ends. */
    private int position() {
        int at = random.nextInt(text.length() + 1);
        if (random.nextInt(3) == 0) {
            return at;
        }
        int sign = text.indexOf(pick(List.of("{", "}", "\n", "vs-", "\n    vs-", "}\n", "\"", "#")), at);
        return sign < 0 ? at : Math.clamp(sign + random.nextInt(4) - 1, 0, text.length());
    }
}
