package io.fairlead.appliance.election;

import io.fairlead.conf.ElectionUnit;
import io.fairlead.core.kernel.NeighborInquiry;
import io.fairlead.core.kernel.NeighborInquiry.Question;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.ha.election.IsolationVerdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a unit asks on its link, and what the answers mean. Pure.
 *
 * @param neighbors of whom one must answer: gateways, mostly
 * @param addresses those that the unit moves: if another appliance answers for one, that one holds them
 */
record IsolationQuestions(Set<Question> neighbors, Set<Question> addresses) {

    /** Who holds an address answers from its kernel, within a millisecond; a second question goes out meanwhile. */
    static final Duration QUIET = Duration.ofMillis(60);

    IsolationQuestions {
        neighbors = Set.copyOf(neighbors);
        addresses = Set.copyOf(addresses);
    }

    static IsolationQuestions of(ElectionUnit unit) {
        Set<Question> neighbors = new LinkedHashSet<>();
        Set<Question> addresses = new LinkedHashSet<>();
        unit.routers().forEach(router -> {
            router.isolationTest().forEach(address -> neighbors.add(new Question(router.interfaceName(), address)));
            router.addresses().forEach(key -> addresses.add(new Question(key.interfaceName(), key.address())));
        });
        return new IsolationQuestions(neighbors, addresses);
    }

    Set<Question> all() {
        Set<Question> all = new HashSet<>(neighbors);
        all.addAll(addresses);
        return all;
    }

    /**
     * Judges the answers; empty while it is too early to say.
     *
     * @param own the hardware of this host: with several interfaces on a link it may answer itself
     */
    Optional<IsolationVerdict> verdict(
            Map<Question, Set<HardwareAddress>> answers, Set<HardwareAddress> own, Duration elapsed) {
        Set<HardwareAddress> reached = by(neighbors, answers);
        reached.removeAll(own);
        boolean isOver = elapsed.compareTo(NeighborInquiry.PATIENCE) >= 0;
        if (reached.isEmpty()) {
            return isOver ? Optional.of(IsolationVerdict.CUT_OFF) : Optional.empty();
        }
        Set<HardwareAddress> others = by(addresses, answers);
        others.removeAll(own);
        others.removeAll(reached); // a router may answer for everybody: proxy ARP
        if (!others.isEmpty()) {
            return Optional.of(IsolationVerdict.TAKEN);
        }
        return elapsed.compareTo(QUIET) >= 0 ? Optional.of(IsolationVerdict.FREE) : Optional.empty();
    }

    private static Set<HardwareAddress> by(Set<Question> questions, Map<Question, Set<HardwareAddress>> answers) {
        Set<HardwareAddress> all = new HashSet<>();
        questions.forEach(question -> all.addAll(answers.getOrDefault(question, Set.of())));
        return all;
    }
}
