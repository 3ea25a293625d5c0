package io.fairlead.system.benchmark;

import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.NetworkHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Fairlead, without virtual servers, so that it needs no IPVS. The heap is that of the packages. */
final class FairleadContender implements FailoverContender {

    private final String interval;
    private final String heap;
    private final Path key;
    private final Map<NetworkHost, ApplianceProcess> appliances = new HashMap<>();

    FairleadContender(String interval) {
        this(interval, "128m");
    }

    FairleadContender(String interval, String heap) {
        this.interval = interval;
        this.heap = heap;
        try {
            this.key = Files.createTempFile("cluster", ".key"); // to nobody else readable
            Files.writeString(key, KeyFile.newKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return "Fairlead, " + interval;
    }

    @Override
    public void start(NetworkHost host, String own, String peer, int priority) {
        appliances.put(
                host,
                ApplianceProcess.start(
                        host, """
                            fairlead.high-availability {
                                interface = eth0
                                bind-address = "%s"
                                peers = ["%s"]
                                secret-file = "%s"
                                virtual-routers.blue {
                                    id = 51
                                    priority = %d
                                    addresses = ["%s"]
                                    advertisement-interval = %s
                                }
                            }
                            """.formatted(own, peer, key, priority, AddressPair.ADDRESS, interval), heap));
    }

    /** Returns what runs on a host. */
    ApplianceProcess appliance(NetworkHost host) {
        return Objects.requireNonNull(appliances.get(host));
    }

    @Override
    public void signal(NetworkHost host, String signal) {
        host.run("kill", "-" + signal, Long.toString(appliance(host).process().pid()))
                .orThrow();
    }

    @Override
    public void restart(NetworkHost host) {
        appliance(host).restart();
    }

    @Override
    public boolean handOver(NetworkHost host) {
        return appliance(host).handOver().problem() == null;
    }

    @Override
    public void close() {
        appliances.values().forEach(ApplianceProcess::close);
        try {
            Files.delete(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
