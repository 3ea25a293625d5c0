package io.fairlead.system.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the connections that a {@link ConnectionHolder} kept.
 *
 * @param opened connections that were established
 * @param refused connections that were not established: refused, unreachable, or no answer in time
 * @param reset established connections that an error ended
 * @param ended established connections that the other side ended in good order
 * @param silent established connections given up because a line was not answered in time
 * @param strayed answers that named another server than the connection's first answer, or another line
 * @param linesSent lines written
 * @param linesAnswered lines answered rightly
 * @param longestPause the longest time between a line and its answer
 * @param connectionsByServer connections by the server that gave their first answer
 */
public record HoldReport(
        int opened,
        int refused,
        int reset,
        int ended,
        int silent,
        int strayed,
        long linesSent,
        long linesAnswered,
        Duration longestPause,
        Map<String, Integer> connectionsByServer) {
    /** The first word of the line that {@link #toLine} gives. */
    public static final String FIRST_WORD = "report";

    public HoldReport {
        connectionsByServer = Map.copyOf(connectionsByServer);
    }

    /** Established connections that did not live to the end. */
    public int lost() {
        return reset + ended + silent;
    }

    /** One line that {@link #parse} reads. */
    public String toLine() {
        var servers = new ArrayList<String>();
        new TreeMap<>(connectionsByServer).forEach((server, count) -> servers.add(server + ":" + count));
        return FIRST_WORD + " opened=" + opened + " refused=" + refused + " reset=" + reset + " ended=" + ended
                + " silent="
                + silent + " strayed=" + strayed + " lines-sent=" + linesSent + " lines-answered=" + linesAnswered
                + " longest-pause-millis=" + longestPause.toMillis() + " servers=" + String.join(",", servers);
    }

    /** Reads what {@link #toLine} wrote. */
    public static HoldReport parse(String line) {
        var values = new LinkedHashMap<String, String>();
        for (String word : line.strip().split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        var servers = new LinkedHashMap<String, Integer>();
        for (String server : List.of(value(values, "servers", line).split(",", -1))) {
            int colon = server.lastIndexOf(':');
            if (colon > 0) {
                servers.put(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
            }
        }
        return new HoldReport(
                count(values, "opened", line),
                count(values, "refused", line),
                count(values, "reset", line),
                count(values, "ended", line),
                count(values, "silent", line),
                count(values, "strayed", line),
                Long.parseLong(value(values, "lines-sent", line)),
                Long.parseLong(value(values, "lines-answered", line)),
                Duration.ofMillis(Long.parseLong(value(values, "longest-pause-millis", line))),
                servers);
    }

    private static int count(Map<String, String> values, String key, String line) {
        return Integer.parseInt(value(values, key, line));
    }

    private static String value(Map<String, String> values, String key, String line) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("report without " + key + ": " + line);
        }
        return value;
    }
}
