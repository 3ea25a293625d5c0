package io.fairlead.ha.seal;

import io.fairlead.ha.peer.PeerId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What is remembered of one peer: the boot that counts, those that no longer do, and what it was asked last. */
final class PeerSessions {

    /** Earlier boots that are known not to be the present one; older ones are challenged again. */
    private static final int RETIRED_COUNT_MAX = 8;

    final PeerId id;
    /** Of the boot that counts; null: none is proven. */
    @Nullable
    Session present;
    /** Of the boot that is being asked for its proof; the newest alone. */
    @Nullable
    Session candidate;

    final Question question = new Question();
    /** When it was last challenged, and last answered. */
    long doubtedNanos = Long.MIN_VALUE;

    long answeredNanos = Long.MIN_VALUE;
    private final Deque<Long> retired = new ArrayDeque<>();

    PeerSessions(PeerId id) {
        this.id = id;
    }

    boolean isRetired(long boot) {
        return retired.contains(boot);
    }

    /** Makes the candidate the boot that counts. */
    void accept(Session proven) {
        if (present != null) {
            retired.addLast(present.boot());
            if (retired.size() > RETIRED_COUNT_MAX) {
                retired.removeFirst();
            }
        }
        present = proven;
        candidate = null;
    }

    void forgetKeys() {
        if (present != null) {
            present.forgetKeys();
        }
        candidate = null;
    }
}
