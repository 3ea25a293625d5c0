package io.fairlead.health.netty;

import io.fairlead.health.check.ScriptProbeSpec;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts what changes the user in front of a script: {@code setpriv} of util-linux, which every distribution has. The script
 * never has more of our capabilities than its user has: those that systemd gave us beyond our user are dropped. Blocks, as it
 * reads files.
 */
public final class ScriptCommands {

    private static final String SETPRIV = "/usr/bin/setpriv";
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final long CAP_SETGID_AND_SETUID = 1 << 6 | 1 << 7;

    /** Why a script cannot be run as asked: a fault of this host, in the operator's words. */
    public static final class UnableException extends Exception {
        private static final long serialVersionUID = 1;

        UnableException(String message) {
            super(message, null, false, false);
        }
    }

    /** Returns the whole command. */
    public List<String> of(ScriptProbeSpec spec) throws UnableException {
        List<String> status = lines(STATUS);
        List<String> command = new ArrayList<>();
        if (spec.user().isPresent() || spec.group().isPresent()) {
            if ((capabilities(status, "CapEff:") & CAP_SETGID_AND_SETUID) != CAP_SETGID_AND_SETUID) {
                throw new UnableException(
                        "this process may not change user or group (expected: CAP_SETUID and CAP_SETGID)");
            }
            command.add(SETPRIV);
            spec.user().ifPresent(user -> command.add("--reuid=" + user));
            command.add("--regid=" + group(spec));
            command.add(spec.user().isPresent() ? "--init-groups" : "--clear-groups");
        } else if (capabilities(status, "CapAmb:") != 0) {
            command.add(SETPRIV);
        }
        if (!command.isEmpty()) {
            command.add("--inh-caps=-all");
            command.add("--ambient-caps=-all");
            command.add("--");
        }
        if (!Files.exists(Path.of(spec.command().getFirst()))) {
            throw new UnableException("no such file: " + spec.command().getFirst());
        }
        command.addAll(spec.command());
        return command;
    }

    private static String group(ScriptProbeSpec spec) throws UnableException {
        try {
            if (spec.user().isPresent()) {
                FileSystems.getDefault()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(spec.user().get());
            }
            if (spec.group().isPresent()) {
                FileSystems.getDefault()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(spec.group().get());
                return spec.group().get();
            }
        } catch (IOException e) {
            throw new UnableException("no such user or group: " + spec.user().orElse("")
                    + spec.group().map(group -> " " + group).orElse(""));
        }
        String user = spec.user().orElseThrow();
        return lines(PASSWD).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 3 && (fields[0].equals(user) || fields[2].equals(user)))
                .map(fields -> fields[3])
                .findFirst()
                .orElseThrow(
                        () -> new UnableException("user " + user + " is not in /etc/passwd (expected: or a group)"));
    }

    private static long capabilities(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
                .findFirst()
                .orElse(0);
    }

    private static List<String> lines(Path file) throws UnableException {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UnableException("cannot read " + e.getMessage());
        }
    }
}
