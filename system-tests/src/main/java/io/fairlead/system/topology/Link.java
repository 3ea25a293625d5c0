package io.fairlead.system.topology;

import java.time.Duration;
import java.util.Locale;

/**
 * The cable of one host, to a bridge or straight to another host: it can be cut, blocked, slowed and made lossy, in both
 * directions at once.
 */
public final class Link {
    /** {@code BR_STATE_DISABLED} and {@code BR_STATE_FORWARDING} in {@code linux/if_bridge.h}. */
    private static final String DISABLED = "0";

    private static final String FORWARDING = "3";

    private final NetworkHost host;
    private final String interfaceName;
    private final String farNamespace;
    private final String farInterface;
    private final boolean bridged;
    private Duration delay = Duration.ZERO;
    private double lossPercent;
    private boolean impaired;

    Link(NetworkHost host, String interfaceName, String farNamespace, String farInterface, boolean bridged) {
        this.host = host;
        this.interfaceName = interfaceName;
        this.farNamespace = farNamespace;
        this.farInterface = farInterface;
        this.bridged = bridged;
    }

    public NetworkHost host() {
        return host;
    }

    /** The name of the interface inside the host: {@code eth0}, {@code eth1} … in the order of attachment. */
    public String interfaceName() {
        return interfaceName;
    }

    /** Pulls the cable: nothing passes, and the host sees that its carrier is gone. */
    public Link cut() {
        Kernel.run("ip", "-n", farNamespace, "link", "set", "dev", farInterface, "down");
        return this;
    }

    /** Nothing passes, but the host keeps its carrier: what a fault beyond the first switch looks like. Bridges only. */
    public Link block() {
        requireBridge("block");
        setPortState(DISABLED);
        return this;
    }

    /** Undoes {@link #cut}, {@link #block}, {@link #delay} and {@link #loss}. */
    public Link heal() {
        Kernel.run("ip", "-n", farNamespace, "link", "set", "dev", farInterface, "up");
        if (bridged) {
            setPortState(FORWARDING);
        }
        if (impaired) {
            Kernel.run("tc", "-n", farNamespace, "qdisc", "del", "dev", farInterface, "root");
            Kernel.run("tc", "-n", host.namespace(), "qdisc", "del", "dev", interfaceName, "root");
            impaired = false;
            delay = Duration.ZERO;
            lossPercent = 0;
        }
        return this;
    }

    /**
     * Delays every packet by so much in each direction.
     *
     * @throws UnsupportedByKernelException if the kernel has no {@code sch_netem}
     */
    public Link delay(Duration oneWay) {
        if (oneWay.isNegative()) {
            throw new IllegalArgumentException("delay: " + oneWay + " (expected: zero or more)");
        }
        delay = oneWay;
        impair();
        return this;
    }

    /**
     * Loses so many of a hundred packets, at random, in each direction.
     *
     * @throws UnsupportedByKernelException if the kernel has no {@code sch_netem}
     */
    public Link loss(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("loss: " + percent + " (expected: 0..100)");
        }
        lossPercent = percent;
        impair();
        return this;
    }

    private void impair() {
        impair(farNamespace, farInterface);
        impair(host.namespace(), interfaceName);
        impaired = true;
    }

    private void impair(String namespace, String device) {
        String delayMicros = delay.toNanos() / 1_000 + "us";
        String loss = String.format(Locale.ROOT, "%.3f%%", lossPercent);
        Execution done = Kernel.attempt(
                "tc",
                "-n",
                namespace,
                "qdisc",
                "replace",
                "dev",
                device,
                "root",
                "netem",
                "delay",
                delayMicros,
                "loss",
                loss);
        if (done.err().contains("qdisc kind is unknown")) {
            throw new UnsupportedByKernelException("delay and loss need sch_netem, which this kernel does not have");
        }
        done.orThrow();
    }

    private void setPortState(String state) {
        Kernel.run("bridge", "-n", farNamespace, "link", "set", "dev", farInterface, "state", state);
    }

    private void requireBridge(String operation) {
        if (!bridged) {
            throw new IllegalStateException(operation + " " + this + ": only on a bridge");
        }
    }

    @Override
    public String toString() {
        return host.name() + "/" + interfaceName;
    }
}
