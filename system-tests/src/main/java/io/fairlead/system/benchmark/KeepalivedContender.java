package io.fairlead.system.benchmark;

import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** keepalived, VRRPv3, unicast peers, both hosts in state BACKUP, as it is advised for preemption to be harmless. */
final class KeepalivedContender implements FailoverContender {

    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final String interval;
    private final Map<NetworkHost, List<String>> commands = new HashMap<>();
    private final Map<NetworkHost, RunningProcess> processes = new HashMap<>();
    private final List<Path> files = new ArrayList<>();

    /** @param interval seconds, in keepalived's words */
    KeepalivedContender(String interval) {
        this.interval = interval;
    }

    @Override
    public String name() {
        return "keepalived, " + interval + " s";
    }

    @Override
    public void start(NetworkHost host, String own, String peer, int priority) {
        String configuration = """
            global_defs {
                vrrp_version 3
                vrrp_garp_master_delay 1
            }
            vrrp_instance blue {
                state BACKUP
                interface eth0
                virtual_router_id 51
                priority %d
                advert_int %s
                unicast_src_ip %s
                unicast_peer {
                    %s
                }
                virtual_ipaddress {
                    %s/32
                }
            }
            """.formatted(priority, interval, own, peer, AddressPair.ADDRESS);
        try {
            Path file = Files.createTempFile("keepalived", ".conf");
            Path pid = Files.createTempFile("keepalived", ".pid");
            Path vrrpPid = Files.createTempFile("keepalived", ".vrrp");
            files.addAll(List.of(file, pid, vrrpPid));
            Files.writeString(file, configuration);
            Files.delete(pid);
            Files.delete(vrrpPid);
            commands.put(
                    host,
                    List.of(
                            "keepalived",
                            "-n",
                            "-P",
                            "-l",
                            "-f",
                            file.toString(),
                            "-p",
                            pid.toString(),
                            "-r",
                            vrrpPid.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart(host);
    }

    /** The parent alone for TERM, which it hands on; else it and its child, so that no part is left to clean up. */
    @Override
    public void signal(NetworkHost host, String signal) {
        RunningProcess process = Objects.requireNonNull(processes.get(host));
        String children = signal.equals("TERM") ? "" : "; kill -" + signal + " $c";
        host.run(
                        "sh",
                        "-c",
                        "c=$(cat /proc/" + process.pid() + "/task/" + process.pid() + "/children); kill -" + signal
                                + " " + process.pid() + children)
                .orThrow();
    }

    @Override
    public void restart(NetworkHost host) {
        RunningProcess before = processes.get(host);
        if (before != null) {
            before.awaitExit(END_TIMEOUT);
        }
        String[] command = Objects.requireNonNull(commands.get(host)).toArray(String[]::new);
        processes.put(host, host.start(command));
    }

    @Override
    public boolean handOver(NetworkHost host) {
        return false;
    }

    @Override
    public void close() {
        processes.values().forEach(RunningProcess::close);
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
