package io.fairlead.appliance.loop;

import io.fairlead.appliance.event.EventKind;
import io.fairlead.appliance.event.EventSink;
import io.fairlead.appliance.event.EventSubject;
import io.fairlead.core.execute.TableFollower;
import io.fairlead.core.kernel.ApplyReport.OpFailure;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.text.Amount;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel did not take, when it is tried again, which is after growing pauses, and how well the table follows on the
 * whole. Owned by the loop's thread.
 */
final class Backlog {

    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final int REPORTED_FAILURES_MAX = 20;

    private final EventSink events;
    private final Ticker ticker;
    private final Set<VirtualServerKey> behind = new HashSet<>();
    private final RetryPauses pauses = new RetryPauses();
    private MonotonicInstant retryAt;
    private ReconcileStatus status = ReconcileStatus.NONE;

    Backlog(EventSink events, Ticker ticker) {
        this.events = events;
        this.ticker = ticker;
        this.retryAt = ticker.now();
    }

    ReconcileStatus status() {
        return status;
    }

    /** Returns when to try again, if anything is behind. */
    Optional<MonotonicInstant> retryAt() {
        return behind.isEmpty() ? Optional.empty() : Optional.of(retryAt);
    }

    /** Returns what is to be tried again by now. */
    Set<VirtualServerKey> due(MonotonicInstant now) {
        return now.isBefore(retryAt) ? Set.of() : Set.copyOf(behind);
    }

    /** Notes what waits for something else than the kernel. */
    void postpone(Collection<VirtualServerKey> keys, String reason) {
        behind.addAll(keys);
        postpone(reason);
    }

    /**
     * Notes what came of following {@code keys}.
     *
     * @param ours which virtual servers are wanted, or to be removed, by now: no others are tried again
     */
    void followed(Collection<VirtualServerKey> keys, TableFollower.Outcome outcome, Predicate<VirtualServerKey> ours) {
        behind.removeAll(keys);
        if (outcome.conflicts() > 0) {
            LOG.warn("Kernel table was changed by someone else; repaired conflicts={}", outcome.conflicts());
            tell(Amount.of(outcome.conflicts(), "entry", "entries") + " repaired", "somebody else changed the table");
        }
        outcome.failures().stream()
                .map(failure -> failure.op().virtualServerKey())
                .filter(ours)
                .forEach(behind::add);
        status = new ReconcileStatus(
                status.operations() + outcome.operations(),
                status.drift() + outcome.conflicts(),
                status.refusals() + outcome.failures().size(),
                outcome.operations() > 0 ? Optional.of(Instant.now()) : status.lastChange(),
                status.lastAudit(),
                status.contested(),
                behind.isEmpty() ? List.of() : reportable(outcome.failures(), status.failing()));
        if (!outcome.succeeded()) {
            postpone("Kernel refused " + Amount.of(outcome.failures().size(), "operation") + ", first: "
                    + outcome.failures().getFirst().cause().getMessage());
        } else if (behind.isEmpty()) {
            if (pauses.haveBegun()) {
                tell("table in sync again", "what was refused has been taken");
            }
            pauses.end();
        }
    }

    private static List<String> reportable(List<OpFailure> failures, List<String> before) {
        if (failures.isEmpty()) {
            return before;
        }
        return failures.stream()
                .limit(REPORTED_FAILURES_MAX)
                .map(failure -> String.valueOf(failure.cause().getMessage()))
                .toList();
    }

    /** Notes that the channel itself failed: everything it was used for is behind, so far as it is {@code ours}. */
    void failed(Collection<VirtualServerKey> keys, KernelException e, Predicate<VirtualServerKey> ours) {
        keys.stream().filter(ours).forEach(behind::add);
        status = new ReconcileStatus(
                status.operations(),
                status.drift(),
                status.refusals() + 1,
                status.lastChange(),
                status.lastAudit(),
                status.contested(),
                List.of(String.valueOf(e.getMessage())));
        postpone(String.valueOf(e.getMessage()));
    }

    /**
     * Notes that the whole table was looked at, and repaired.
     *
     * @param drifted how many virtual servers somebody else had changed
     * @param contested those that are changed again and again
     */
    void audited(int drifted, List<String> contested) {
        status = new ReconcileStatus(
                status.operations(),
                status.drift() + drifted,
                status.refusals(),
                status.lastChange(),
                Optional.of(Instant.now()),
                contested,
                status.failing());
    }

    /** One event when it begins, and one when it is over, however often it is tried in between. */
    private void postpone(String reason) {
        if (!pauses.haveBegun()) {
            tell("table behind", reason);
        }
        Duration pause = pauses.next();
        retryAt = ticker.now().plus(pause);
        LOG.warn("{}; trying again in={}", reason, pause);
    }

    private void tell(String change, String cause) {
        events.record(EventKind.KERNEL, EventSubject.of("table"), change, cause);
    }
}
