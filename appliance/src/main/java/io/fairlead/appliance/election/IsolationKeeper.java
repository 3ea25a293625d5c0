package io.fairlead.appliance.election;

import io.fairlead.conf.ElectionUnit;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.NeighborInquiry;
import io.fairlead.core.kernel.NeighborInquiry.Question;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.ha.election.IsolationVerdict;
import io.fairlead.ha.runtime.IsolationTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the link for the units, on a thread of its own, {@code fairlead-isolation}: what they want to know at the same moment
 * with the same frames, so that it takes as long for many units as for one.
 */
final class IsolationKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IsolationKeeper.class);

    /** A unit asks again after a second at the latest, and waits for no answer before that. */
    private static final int WAITING_MAX = 1024;

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final AddressTable table;
    private final NeighborInquiry inquiry;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread =
            Thread.ofPlatform().name("fairlead-isolation").daemon().unstarted(this::run);
    private volatile Optional<String> failure = Optional.empty();

    /** A unit that wants to know. */
    private record Waiting(IsolationQuestions questions, Consumer<IsolationVerdict> then) {}

    /** @param table used, as {@code inquiry}, by this keeper's thread alone */
    IsolationKeeper(AddressTable table, NeighborInquiry inquiry) {
        this.table = table;
        this.inquiry = inquiry;
    }

    void start() {
        thread.start();
    }

    /** Returns how this unit asks. */
    IsolationTest testOf(ElectionUnit unit) {
        if (!unit.spec().isolationTest()) {
            return IsolationTest.NONE;
        }
        IsolationQuestions questions = IsolationQuestions.of(unit);
        return then -> {
            boolean _ = queue.offer(new Waiting(questions, then)); // who finds it full is not answered, and asks again
        };
    }

    /** Returns why the link cannot be asked, since it last could not. */
    Optional<String> failure() {
        return failure;
    }

    private void run() {
        try {
            while (true) {
                List<Waiting> together = new ArrayList<>();
                together.add(queue.take());
                queue.drainTo(together);
                ask(together);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The link is asked no more: a bug", e);
        }
    }

    private void ask(List<Waiting> together) {
        try {
            List<InterfaceStatus> interfaces = table.readInterfaces();
            Set<HardwareAddress> own = interfaces.stream()
                    .flatMap(status -> status.hardwareAddress().stream())
                    .collect(Collectors.toSet());
            Set<Question> all = new HashSet<>();
            together.forEach(each -> all.addAll(each.questions().all()));
            inquiry.ask(all, new NeighborInquiry.Host(interfaces, table.readAddresses()), (answers, elapsed) -> {
                together.removeIf(each -> {
                    Optional<IsolationVerdict> verdict = each.questions().verdict(answers, own, elapsed);
                    verdict.ifPresent(each.then());
                    return verdict.isPresent();
                });
                return together.isEmpty();
            });
            failure = Optional.empty();
        } catch (KernelException e) {
            if (failure.isEmpty()) {
                LOG.warn("Cannot ask the link who is there: {}", e.getMessage());
            }
            failure = Optional.of("isolation test: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            boolean _ = thread.join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
