package io.fairlead.system.topology;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A machine of the topology: a network namespace with its own interfaces, routes, IPVS table and processes. */
public final class NetworkHost {
    private static final Duration RUN_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private final Topology topology;
    private final String name;
    private final String namespace;
    private final List<String> fabricPorts = new ArrayList<>();
    private int interfaces;

    NetworkHost(Topology topology, String name, String namespace) {
        this.topology = topology;
        this.name = name;
        this.namespace = namespace;
        // With accept_dad off, addresses can be used at once instead of after a second of duplicate address detection.
        String settings = "/proc/sys/net/ipv6/conf";
        Kernel.batch(List.of(
                "netns add " + namespace,
                "netns exec " + namespace + " ip link set dev lo up",
                "netns exec " + namespace + " sh -c 'echo 0 >" + settings + "/all/accept_dad; echo 0 >" + settings
                        + "/default/accept_dad'"));
    }

    public String name() {
        return name;
    }

    /** The name under which {@code ip netns} knows it. */
    public String namespace() {
        return namespace;
    }

    /** Adds an address in CIDR notation to an interface. */
    public NetworkHost address(String interfaceName, String address) {
        Kernel.batch(namespace, List.of(addAddress(interfaceName, address)));
        return this;
    }

    /** Adds a route: {@code route("default", "192.0.2.1")}, {@code route("2001:db8:1::/64", "2001:db8::1")}. */
    public NetworkHost route(String destination, String gateway) {
        return route(destination, "via", gateway);
    }

    /** Adds a route in the words of {@code ip route}: {@code route("local", "192.0.2.0/24", "dev", "lo")}. */
    public NetworkHost route(String... words) {
        String family = Arrays.stream(words).anyMatch(word -> word.contains(":")) ? "-6" : "-4";
        var command = new ArrayList<String>(List.of("ip", "-n", namespace, family, "route", "add"));
        command.addAll(Arrays.asList(words));
        Kernel.run(command.toArray(String[]::new));
        return this;
    }

    /** Sets a kernel setting of this host alone; dots may be written as slashes where an interface name contains dots. */
    public NetworkHost sysctl(String key, String value) {
        String path = "/proc/sys/" + (key.contains("/") ? key : key.replace('.', '/'));
        // The trailing "sh" is $0. The file is opened inside the namespace, whose settings it then shows.
        run("sh", "-c", "printf %s \"$2\" >\"$1\"", "sh", path, value).orThrow();
        return this;
    }

    /** Makes it a router for both families. */
    public NetworkHost forwarding() {
        return sysctl("net.ipv4.ip_forward", "1").sysctl("net.ipv6.conf.all.forwarding", "1");
    }

    /** Runs a command to its end, at most two minutes. */
    public Execution run(String... command) {
        return run(RUN_TIMEOUT, command);
    }

    /** Runs a command to its end or to the time limit, at which it is stopped. Its input is empty. */
    public Execution run(Duration timeout, String... command) {
        return RunningProcess.execute(name, Kernel.inNamespace(namespace, command), "", timeout);
    }

    /** Runs a command to its end, at most two minutes, with this text as its input. */
    public Execution runWithInput(String input, String... command) {
        return RunningProcess.execute(name, Kernel.inNamespace(namespace, command), input, RUN_TIMEOUT);
    }

    /** Starts a process that lives until it is stopped or the topology closed. Its input is empty. */
    public RunningProcess start(String... command) {
        return topology.register(RunningProcess.start(name, Kernel.inNamespace(namespace, command), ""));
    }

    /** Starts a small Java program of this code base: the same JDK, a light start, 64 MiB of heap. */
    public RunningProcess startJava(Class<?> main, String... arguments) {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                classPathOf(main),
                main.getName()));
        command.addAll(Arrays.asList(arguments));
        return start(command.toArray(String[]::new));
    }

    /** Records packets; returns once the recording has begun. {@code filter} is in the words of {@code pcap-filter(7)}. */
    public Capture capture(String interfaceName, String... filter) {
        Path file = topology.newFile(name + "-" + interfaceName + ".pcap");
        var command = new ArrayList<String>(List.of(
                "tcpdump",
                "-i",
                interfaceName,
                "-w",
                file.toString(),
                "--print",
                "-enn",
                "-l",
                "-U",
                "--immediate-mode",
                "-Z",
                "root"));
        command.addAll(Arrays.asList(filter));
        RunningProcess tcpdump = start(command.toArray(String[]::new));
        tcpdump.awaitErrorLine("listening on", START_TIMEOUT);
        return new Capture(tcpdump, file);
    }

    /**
     * Takes its power away: all its cables to bridges are dead at once, and every process ends without a word. Its namespace
     * keeps what the kernel held, for nobody to see; who comes in its place is another host.
     */
    public void powerOff() {
        Kernel.batch(
                topology.fabric(),
                fabricPorts.stream()
                        .map(port -> "link set dev " + port + " down")
                        .toList());
        RunningProcess.endAll(Kernel.processesIn(List.of(namespace)), false);
    }

    void pluggedInto(String fabricPort) {
        fabricPorts.add(fabricPort);
    }

    String nextInterface() {
        return "eth" + interfaces++;
    }

    void bringUp(String device, List<String> addresses) {
        var lines = new ArrayList<String>();
        addresses.forEach(address -> lines.add(addAddress(device, address)));
        lines.add("link set dev " + device + " up");
        Kernel.batch(namespace, lines);
    }

    private static String addAddress(String device, String address) {
        return "address add " + address + " dev " + device + (address.contains(":") ? " nodad" : "");
    }

    private static String classPathOf(Class<?> main) {
        CodeSource source = main.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalArgumentException(main + " (expected: a class from a folder or jar)");
        }
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(main + " lies at " + source.getLocation(), e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
