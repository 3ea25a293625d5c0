package io.fairlead.ha.seal;

import io.fairlead.ha.seal.Introduction.Nonce;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A nonce that somebody was asked to send back. It stays the same for {@link #LIFETIME_NANOS}, so that an answer which
 * was long under way counts although another challenge went out meanwhile, and counts once.
 */
final class Question {

    static final long LIFETIME_NANOS = 1_000_000_000L;

    private @Nullable Nonce nonce;
    private long askedNanos;

    Nonce ask(RandomGenerator random, long nowNanos) {
        Nonce present = nonce;
        if (present == null || nowNanos - askedNanos > LIFETIME_NANOS / 2) {
            present = new Nonce(random.nextLong(), random.nextLong());
            nonce = present;
            askedNanos = nowNanos;
        }
        return present;
    }

    boolean isAnsweredBy(Nonce answer, long nowNanos) {
        return answer.equals(nonce) && nowNanos - askedNanos <= LIFETIME_NANOS;
    }

    void settle() {
        nonce = null;
    }
}
