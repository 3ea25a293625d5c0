package io.fairlead.health.check;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The request of an HTTP check.
 *
 * @param method the request method, upper case letters, usually GET or HEAD; CONNECT is not a question
 * @param path the request target, starting with a slash, visible ASCII
 * @param host the Host header, visible ASCII; empty for the target's own address and port
 * @param headers in the order in which they are sent
 * @param body sent as UTF-8; empty for a request without one
 */
public record HttpRequestSpec(
        String method, String path, Optional<String> host, List<HttpHeader> headers, Optional<String> body) {

    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,32}");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,2048}");

    public HttpRequestSpec {
        headers = List.copyOf(headers);
        if (!METHOD.matcher(method).matches() || method.equals("CONNECT")) {
            throw new IllegalArgumentException("method \"" + method + "\" (expected: such as GET or HEAD)");
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path \"" + path + "\" (expected: a leading slash)");
        }
        // Anything else could end the line and begin a header, or a second request.
        if (!VISIBLE.matcher(path).matches()) {
            throw new IllegalArgumentException("path \"" + path + "\" (expected: visible ASCII, anything else as %XX)");
        }
        if (host.isPresent() && !VISIBLE.matcher(host.get()).matches()) {
            throw new IllegalArgumentException("host \"" + host.get() + "\" (expected: a host name or address)");
        }
    }
}
