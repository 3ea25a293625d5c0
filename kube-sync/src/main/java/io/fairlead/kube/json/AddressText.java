package io.fairlead.kube.json;

import io.fairlead.core.net.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses as old clusters hold them: {@code 010.1.0.001} is 10.1.0.1, decimal, as Kubernetes reads it
 * ({@code netutils.ParseIPSloppy}).
 */
final class AddressText {

    private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9])0+(?=[0-9])");

    private AddressText() {}

    /** Returns the address; empty if the text is none. */
    static Optional<IpAddress> parse(String text) {
        try {
            return Optional.of(IpAddress.parse(
                    text.indexOf(':') < 0 ? LEADING_ZEROS.matcher(text).replaceAll("") : text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
