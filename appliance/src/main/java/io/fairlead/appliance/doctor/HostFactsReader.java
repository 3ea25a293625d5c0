package io.fairlead.appliance.doctor;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.conf.ConfigFile;
import io.fairlead.conf.ConfigOutcome;
import io.fairlead.conf.FairleadConfig;
import io.fairlead.conf.Problem;
import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Gathers what {@link Doctor} judges. Changes nothing; asks {@code nft} and {@code arping} where they are and may. */
public final class HostFactsReader {

    private static final Path PROC = Path.of("/proc");
    private static final Duration PROGRAM_TIMEOUT = Duration.ofSeconds(10);
    private static final long RTF_ADDRCONF = 0x40000;
    /** Asking for one takes two seconds. */
    private static final int DUPLICATES_ASKED_MAX = 4;

    private static final List<String> SYSCTLS = List.of(
            "kernel.osrelease",
            "net.ipv4.ip_forward",
            "net.ipv6.conf.all.forwarding",
            "net.ipv4.vs.conntrack",
            "net.ipv4.vs.conn_reuse_mode",
            "net.ipv4.vs.expire_quiescent_template",
            "net.netfilter.nf_conntrack_count",
            "net.netfilter.nf_conntrack_max",
            "net.ipv4.conf.all.rp_filter",
            "net.ipv4.conf.all.arp_ignore");

    private HostFactsReader() {}

    /**
     * Reads them.
     *
     * @param status what the running appliance says
     * @param election what it says of its virtual routers
     */
    public static HostFacts read(Path configFile, Optional<StatusReport> status, Optional<HaReport> election) {
        ConfigOutcome outcome = ConfigFile.loadWithFiles(configFile);
        Optional<FairleadConfig> config =
                outcome instanceof ConfigOutcome.Accepted accepted ? Optional.of(accepted.config()) : Optional.empty();
        List<String> problems = switch (outcome) {
            case ConfigOutcome.Accepted accepted ->
                accepted.warnings().stream().map(Problem::toString).toList();
            case ConfigOutcome.Refused refused -> refused.report();
        };
        List<HostFacts.Interface> interfaces = interfaces();
        Set<String> programs = programs();
        Path state = config.map(FairleadConfig::stateDirectory).orElse(Path.of("/var/lib/fairlead"));
        return new HostFacts(
                config,
                problems,
                status,
                election,
                lines(PROC.resolve("net/ip_vs")),
                modules(),
                loadableModules(),
                capabilities(),
                sysctls(interfaces),
                interfaces,
                addresses(),
                advertisedRoutes(),
                programs,
                run("nft", "list", "ruleset").map(Ran::lines),
                config.flatMap(HostFactsReader::duplicates),
                programs.stream().anyMatch(Set.of("chronyd", "ntpd", "systemd-timesyn", "openntpd")::contains)
                        || Files.exists(Path.of("/run/systemd/timesync/synchronized")),
                bytesFree(state),
                status.isPresent() || isWritable(state),
                service());
    }

    private static Optional<List<String>> lines(Path file) {
        try {
            return Optional.of(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Set<String> modules() {
        Set<String> found = new HashSet<>();
        lines(PROC.resolve("modules"))
                .ifPresent(lines -> lines.forEach(line -> found.add(line.substring(0, line.indexOf(' ')))));
        found.addAll(modulesOf("modules.builtin"));
        return found;
    }

    private static Set<String> loadableModules() {
        return modulesOf("modules.dep");
    }

    /** Lines such as {@code kernel/net/netfilter/ipvs/ip_vs_mh.ko.xz: kernel/…}. */
    private static Set<String> modulesOf(String file) {
        Set<String> found = new HashSet<>();
        String release =
                lines(PROC.resolve("sys/kernel/osrelease")).map(List::getFirst).orElse("");
        for (String line : lines(Path.of("/lib/modules", release, file)).orElse(List.of())) {
            String path = line.split(":", 2)[0];
            String name = path.substring(path.lastIndexOf('/') + 1);
            int end = name.indexOf(".ko");
            if (end > 0) {
                found.add(name.substring(0, end).replace('-', '_'));
            }
        }
        return found;
    }

    private static long capabilities() {
        return lines(PROC.resolve("self/status")).orElse(List.of()).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findFirst()
                .orElse(0);
    }

    private static Map<String, String> sysctls(List<HostFacts.Interface> interfaces) {
        Map<String, String> found = new HashMap<>();
        Set<String> names = new TreeSet<>(SYSCTLS);
        for (HostFacts.Interface each : interfaces) {
            names.add("net.ipv4.conf." + each.name() + ".rp_filter");
            names.add("net.ipv4.conf." + each.name() + ".arp_ignore");
            names.add("net.ipv6.conf." + each.name() + ".accept_ra");
        }
        for (String name : names) {
            // A dot in the name of an interface is no separator.
            Path file = PROC.resolve("sys").resolve(path(name, interfaces));
            lines(file)
                    .filter(lines -> !lines.isEmpty())
                    .ifPresent(lines -> found.put(name, lines.getFirst().strip()));
        }
        return found;
    }

    private static String path(String name, List<HostFacts.Interface> interfaces) {
        for (HostFacts.Interface each : interfaces) {
            String middle = ".conf." + each.name() + ".";
            int at = name.indexOf(middle);
            if (at > 0) {
                return name.substring(0, at).replace('.', '/') + "/conf/" + each.name() + "/"
                        + name.substring(at + middle.length());
            }
        }
        return name.replace('.', '/');
    }

    private static List<HostFacts.Interface> interfaces() {
        List<HostFacts.Interface> found = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (!each.isLoopback()) {
                    found.add(new HostFacts.Interface(each.getName(), each.isUp(), each.getMTU()));
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        return found;
    }

    private static Set<String> addresses() {
        Set<String> found = new HashSet<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                each.inetAddresses().forEach(address -> found.add(text(address)));
            }
        } catch (SocketException e) {
            return Set.of();
        }
        return found;
    }

    /** Lines such as {@code 00…00 00 00…00 00 fe80…01 00000400 00000001 00000000 00450003 eth0}. */
    private static Set<String> advertisedRoutes() {
        Set<String> found = new HashSet<>();
        for (String line : lines(PROC.resolve("net/ipv6_route")).orElse(List.of())) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length == 10 && words[1].equals("00") && (Long.parseLong(words[8], 16) & RTF_ADDRCONF) != 0) {
                found.add(words[9]);
            }
        }
        return found;
    }

    private static String text(InetAddress address) {
        return IpAddress.ofBytes(address.getAddress()).toString();
    }

    private static Set<String> programs() {
        Set<String> found = new HashSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                lines(process.resolve("comm"))
                        .filter(lines -> !lines.isEmpty())
                        .ifPresent(lines -> found.add(lines.getFirst()));
            }
        } catch (IOException e) {
            return Set.of();
        }
        return found;
    }

    private static Optional<HostFacts.Service> service() {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                Optional<HostFacts.Service> found = service(process);
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<HostFacts.Service> service(Path process) {
        List<String> arguments = lines(process.resolve("cmdline")).stream()
                .flatMap(lines -> Arrays.stream(String.join("\n", lines).split("\0", -1)))
                .toList();
        int command = arguments.indexOf("io.fairlead.cli.Fairlead");
        if (command < 0
                || command + 1 >= arguments.size()
                || !arguments.get(command + 1).equals("run")) {
            return Optional.empty();
        }
        long openFiles = lines(process.resolve("limits")).orElse(List.of()).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s{2,}", -1)[1])
                .filter(text -> text.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        return Optional.of(new HostFacts.Service(arguments, openFiles));
    }

    private static OptionalLong bytesFree(Path folder) {
        try {
            return OptionalLong.of(Files.getFileStore(existing(folder)).getUsableSpace());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static boolean isWritable(Path folder) {
        return Files.isWritable(existing(folder));
    }

    private static Path existing(Path folder) {
        Path at = folder;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    /** Who else answers ARP for addresses of this host that are served by direct routing or are virtual addresses. */
    private static Optional<Set<String>> duplicates(FairleadConfig config) {
        Map<String, String> asked = new HashMap<>();
        Set<String> wanted = new TreeSet<>();
        config.virtualServers().stream()
                .filter(configured -> configured.spec().realServers().stream()
                        .anyMatch(spec -> spec.realServer().forwarding() == ForwardingMethod.DIRECT_ROUTE))
                .flatMap(configured -> configured.destinations().stream())
                .forEach(destination -> wanted.add(destination.address().toString()));
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                each.inetAddresses()
                        .map(HostFactsReader::text)
                        .filter(address -> wanted.contains(address) && !address.contains(":"))
                        .forEach(address -> asked.put(address, each.getName()));
            }
        } catch (SocketException e) {
            return Optional.empty();
        }
        Set<String> duplicates = new HashSet<>();
        for (Map.Entry<String, String> entry :
                asked.entrySet().stream().limit(DUPLICATES_ASKED_MAX).toList()) {
            String address = entry.getKey();
            Optional<Ran> ran = run("arping", "-D", "-q", "-c", "2", "-w", "2", "-I", entry.getValue(), address);
            if (ran.isEmpty()) {
                return Optional.empty();
            }
            if (ran.get().exitCode() == 1) {
                duplicates.add(address);
            }
        }
        return asked.isEmpty() && !wanted.isEmpty() ? Optional.empty() : Optional.of(duplicates);
    }

    /** A program that was run. */
    private record Ran(int exitCode, List<String> lines) {}

    /** Empty if it is not installed, or may not do its work, or takes too long. */
    private static Optional<Ran> run(String... command) {
        Optional<Path> program = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .map(folder -> Path.of(folder, command[0]))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        command[0] = program.get().toString();
        try {
            Path output = Files.createTempFile("fairlead-doctor", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(PROGRAM_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    return Optional.empty();
                }
                List<String> lines = lines(output).orElse(List.of());
                boolean forbidden = process.exitValue() != 0
                        && lines.stream().anyMatch(line -> line.contains("Operation not permitted"));
                return forbidden ? Optional.empty() : Optional.of(new Ran(process.exitValue(), lines));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
