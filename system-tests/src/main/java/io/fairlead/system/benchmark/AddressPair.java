package io.fairlead.system.benchmark;

import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import io.fairlead.system.topology.TopologyException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two hosts of which one has the virtual address, and a client beside them. */
final class AddressPair implements AutoCloseable {

    static final String ADDRESS = "192.0.2.10";
    private static final Duration SOON = Duration.ofSeconds(60);

    final Topology topology = Topology.create();
    final NetworkHost client = topology.host("client");

    /** The one that has the address while all is well. */
    final NetworkHost better = topology.host("better");

    final NetworkHost other = topology.host("other");
    final Link betterLink;

    private AddressPair() {
        Bridge front = topology.bridge("front");
        front.attach(client, "192.0.2.9/24");
        betterLink = front.attach(better, "192.0.2.3/24");
        front.attach(other, "192.0.2.2/24");
    }

    /** Builds the network, starts a contender on both hosts and waits until all is well. */
    static AddressPair start(FailoverContender contender) {
        AddressPair pair = new AddressPair();
        contender.start(pair.better, "192.0.2.3", "192.0.2.2", 150);
        contender.start(pair.other, "192.0.2.2", "192.0.2.3", 100);
        pair.awaitCalm();
        return pair;
    }

    boolean holds(NetworkHost host) {
        return host.run("ip", "-o", "address", "show", "dev", "eth0").out().contains(" " + ADDRESS + "/");
    }

    /** Waits until the better one has the address, and it alone. */
    void awaitCalm() {
        await("the better one has it alone", () -> holds(better) && !holds(other));
    }

    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new TopologyException("not within " + SOON.toSeconds() + " s: " + what);
            }
            pause(Duration.ofMillis(20));
        }
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Override
    public void close() {
        topology.close();
    }
}
