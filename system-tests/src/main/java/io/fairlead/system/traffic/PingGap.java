package io.fairlead.system.traffic;

import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.RunningProcess;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends echo requests to an address, and says for how long no answer came. */
public final class PingGap implements AutoCloseable {

    private static final Pattern ANSWER = Pattern.compile("^\\[(\\d+\\.\\d+)\\] .*icmp_seq=", Pattern.MULTILINE);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(30);

    private final RunningProcess ping;

    private PingGap(RunningProcess ping) {
        this.ping = ping;
    }

    /**
     * Begins, and returns once the first answer has come.
     *
     * @param interval between two requests: what a gap is longer by than the interruption, at most; whole milliseconds
     */
    public static PingGap start(NetworkHost client, String address, Duration interval) {
        String seconds = String.format(Locale.ROOT, "%.3f", interval.toMillis() / 1000.0);
        RunningProcess ping = client.start("ping", "-n", "-D", "-i", seconds, address);
        ping.awaitLine("icmp_seq=", FIRST_ANSWER);
        return new PingGap(ping);
    }

    /** Returns the longest time between two answers so far; the newest 10,000 answers count. */
    public Duration longest() {
        Matcher answers = ANSWER.matcher(ping.out());
        double longest = 0;
        double before = Double.MAX_VALUE;
        while (answers.find()) {
            double at = Double.parseDouble(answers.group(1));
            longest = Math.max(longest, at - before);
            before = at;
        }
        return Duration.ofNanos((long) (longest * 1e9));
    }

    @Override
    public void close() {
        ping.close();
    }
}
