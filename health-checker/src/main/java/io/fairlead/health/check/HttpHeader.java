package io.fairlead.health.check;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A header of a request.
 *
 * @param name a token (RFC 9110 §5.1), in lower case as HTTP/2 sends it; not one that Fairlead sets itself
 * @param value visible ASCII and spaces, none at the ends
 */
public record HttpHeader(String name, String value) {

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]{1,256}");
    private static final Pattern VALUE = Pattern.compile("([!-~]([ -~]{0,4096}[!-~])?)?");
    /** They frame the message, or have keys of their own. */
    private static final Set<String> OURS = Set.of(
            "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "keep-alive", "expect");

    public HttpHeader {
        name = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches() || OURS.contains(name)) {
            throw new IllegalArgumentException(
                    "header \"" + name + "\" (expected: a header's name, none that frames the message)");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("value of header " + name + " (expected: visible ASCII and spaces)");
        }
    }

    /** Without the value, which may be a secret. */
    @Override
    public String toString() {
        return name + ": " + Integer.toHexString(value.hashCode());
    }
}
