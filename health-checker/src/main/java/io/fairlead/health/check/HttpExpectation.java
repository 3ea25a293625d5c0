package io.fairlead.health.check;

import java.util.List;
import java.util.Optional;

/**
 * What an answer must be to pass: all of it.
 *
 * @param status at least one range
 * @param body must be found in the first {@link #SEARCHED_BYTES_MAX} bytes of the body
 * @param digest must be that of the whole body, of at most {@link #DIGESTED_BYTES_MAX} bytes
 */
public record HttpExpectation(List<StatusRange> status, Optional<BoundedPattern> body, Optional<BodyDigest> digest) {

    public static final int SEARCHED_BYTES_MAX = 1 << 16;
    public static final int DIGESTED_BYTES_MAX = 1 << 20;

    public HttpExpectation {
        status = List.copyOf(status);
        if (status.isEmpty()) {
            throw new IllegalArgumentException("no expected status (expected: at least one range)");
        }
    }

    /** Returns whether the status decides alone, so that the body need not be waited for. */
    public boolean statusDecides() {
        return body.isEmpty() && digest.isEmpty();
    }
}
