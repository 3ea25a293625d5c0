package io.fairlead.system.topology;

import java.nio.file.Path;
import java.time.Duration;

/** Packets recorded on one interface, as text while they come and as a file for other tools. */
public final class Capture implements AutoCloseable {
    private final RunningProcess tcpdump;
    private final Path file;

    Capture(RunningProcess tcpdump, Path file) {
        this.tcpdump = tcpdump;
        this.file = file;
    }

    /** The recording in pcap form; complete after {@link #stop()}, deleted with its topology. */
    public Path file() {
        return file;
    }

    /** One line a packet, as {@code tcpdump -enn} words it: the newest 10,000. */
    public String text() {
        return tcpdump.out();
    }

    /** The first packet, recorded already or to come, in whose line {@code regex} is found. */
    public String await(String regex, Duration timeout) {
        return tcpdump.awaitLine(regex, timeout);
    }

    public void stop() {
        tcpdump.stop();
    }

    @Override
    public void close() {
        stop();
    }
}
