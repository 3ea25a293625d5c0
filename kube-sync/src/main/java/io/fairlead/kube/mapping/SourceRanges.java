package io.fairlead.kube.mapping;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.kube.model.Service;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who may use a Service, from its field or, where that is empty, from the annotation that cloud providers read. */
final class SourceRanges {

    static final String ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";

    private SourceRanges() {}

    /**
     * Returns who may use it in {@code family}: everyone if empty. Ranges of the other family alone let nobody in of this
     * one: whoever lists ranges means to keep the rest out. kube-proxy opens it instead, which the user cannot have meant.
     *
     * @throws IllegalArgumentException if a range is none; then nothing about the wish is known
     */
    static Optional<Set<IpPrefix>> of(Service service, IpFamily family) {
        List<String> texts = service.spec().sourceRanges();
        if (texts.isEmpty()) {
            texts = Arrays.asList(service.metadata()
                    .annotations()
                    .getOrDefault(ANNOTATION, "")
                    .split(","));
        }
        Set<IpPrefix> ranges = new TreeSet<>();
        boolean isRestricted = false;
        for (String text : texts) {
            if (!text.isBlank()) {
                IpPrefix range = parse(text.strip());
                isRestricted = true;
                if (range.family() == family) {
                    ranges.add(range);
                }
            }
        }
        boolean isOpen = !isRestricted || ranges.stream().anyMatch(range -> range.length() == 0);
        return isOpen ? Optional.empty() : Optional.of(ranges);
    }

    private static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash > 0) {
                return new IpPrefix(
                        IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for a range without a length.
        }
        throw new IllegalArgumentException(
                "source range \"" + text + "\" (expected: ADDRESS/LENGTH such as 192.0.2.0/24)");
    }
}
