package io.fairlead.health.check;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The question that one probe asks. */
public sealed interface ProbeSpec {

    /** Returns the name of this type in configuration, status and metrics. */
    String type();

    /** Asks nothing: the real server always counts as healthy. */
    record None() implements ProbeSpec {
        @Override
        public String type() {
            return "none";
        }
    }

    /** Passes when a TCP connection is established within the time-out. */
    record Tcp() implements ProbeSpec {
        @Override
        public String type() {
            return "tcp";
        }
    }

    /**
     * Passes when an HTTP/1.1 request is answered by an expected status within the time-out.
     *
     * @param method the request method, upper case letters, usually GET or HEAD; CONNECT is not a question
     * @param path the request target, starting with a slash, visible ASCII
     * @param host the Host header, visible ASCII; empty for the real server's own address and port
     * @param expectStatus at least one range
     */
    record Http(String method, String path, Optional<String> host, List<StatusRange> expectStatus)
            implements ProbeSpec {

        private static final Pattern METHOD = Pattern.compile("[A-Z]{1,32}");
        private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,2048}");

        public Http {
            expectStatus = List.copyOf(expectStatus);
            if (expectStatus.isEmpty()) {
                throw new IllegalArgumentException("no expected status (expected: at least one range)");
            }
            if (!METHOD.matcher(method).matches() || method.equals("CONNECT")) {
                throw new IllegalArgumentException("method \"" + method + "\" (expected: such as GET or HEAD)");
            }
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path \"" + path + "\" (expected: a leading slash)");
            }
            // Anything else could end the line and begin a header, or a second request.
            if (!VISIBLE.matcher(path).matches()) {
                throw new IllegalArgumentException(
                        "path \"" + path + "\" (expected: visible ASCII, anything else as %XX)");
            }
            if (host.isPresent() && !VISIBLE.matcher(host.get()).matches()) {
                throw new IllegalArgumentException("host \"" + host.get() + "\" (expected: a host name or address)");
            }
        }

        @Override
        public String type() {
            return "http";
        }
    }

    /** Status codes from {@code first} to {@code last}, both included, within 100..599. */
    record StatusRange(int first, int last) {

        public StatusRange {
            if (first < 100 || last > 599 || first > last) {
                throw new IllegalArgumentException(
                        "status range " + first + "-" + last + " (expected: FIRST-LAST within 100..599)");
            }
        }

        /** Returns whether {@code status} lies in the range. */
        public boolean contains(int status) {
            return status >= first && status <= last;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }
}
