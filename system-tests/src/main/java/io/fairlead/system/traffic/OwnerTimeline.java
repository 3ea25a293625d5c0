package io.fairlead.system.traffic;

import io.fairlead.system.topology.Capture;
import io.fairlead.system.topology.NetworkHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who said, and when, to have an IPv4 address: what a host on the link sees of gratuitous ARP. */
public final class OwnerTimeline implements AutoCloseable {

    private final Capture capture;
    private final Pattern announcement;

    /** @param at the time of day, as {@code tcpdump} writes it */
    public record Announcement(String at, String hardware) {}

    private OwnerTimeline(Capture capture, Pattern announcement) {
        this.capture = capture;
        this.announcement = announcement;
    }

    /** Begins to watch from a host's first interface. */
    public static OwnerTimeline start(NetworkHost observer, String address) {
        String quoted = Pattern.quote(address);
        return new OwnerTimeline(
                observer.capture("eth0", "arp", "and", "host", address),
                Pattern.compile(
                        "^(\\S+) (\\S+) > .*Request who-has " + quoted + "(?: \\(\\S+\\))? tell " + quoted + ",",
                        Pattern.MULTILINE));
    }

    /** Returns every announcement so far. */
    public List<Announcement> announcements() {
        List<Announcement> found = new ArrayList<>();
        Matcher lines = announcement.matcher(capture.text());
        while (lines.find()) {
            found.add(new Announcement(lines.group(1), lines.group(2)));
        }
        return found;
    }

    /**
     * Waits until the newest owner is {@code last}, and returns the owners since the first {@code skipped} announcements, each once
     * in a row.
     */
    public List<String> owners(int skipped, String last, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Announcement> all = announcements();
            if (!all.isEmpty() && all.getLast().hardware().equals(last)) {
                List<String> owners = new ArrayList<>();
                for (Announcement each : all.subList(Math.min(skipped, all.size()), all.size())) {
                    if (owners.isEmpty() || !owners.getLast().equals(each.hardware())) {
                        owners.add(each.hardware());
                    }
                }
                return owners;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + patience + ": " + last + " announces the address; " + all);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}
