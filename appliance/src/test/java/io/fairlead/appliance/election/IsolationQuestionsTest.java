package io.fairlead.appliance.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.kernel.NeighborInquiry;
import io.fairlead.core.kernel.NeighborInquiry.Question;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.ha.election.IsolationVerdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IsolationQuestionsTest {

    private static final Question GATEWAY = question("192.0.2.254");
    private static final Question GATEWAY_6 = question("2001:db8::fe");
    private static final Question ADDRESS = question("192.0.2.10");
    private static final HardwareAddress ROUTER = new HardwareAddress(0x0200_0000_00feL);
    private static final HardwareAddress PEER = new HardwareAddress(0x0200_0000_0002L);
    private static final HardwareAddress SELF = new HardwareAddress(0x0200_0000_0001L);

    private final IsolationQuestions questions = new IsolationQuestions(Set.of(GATEWAY, GATEWAY_6), Set.of(ADDRESS));
    private final Map<Question, Set<HardwareAddress>> answers = new HashMap<>();

    private static Question question(String address) {
        return new Question("eth0", IpAddress.parse(address));
    }

    private IsolationVerdict after(Duration elapsed) {
        return questions.verdict(answers, Set.of(SELF), elapsed).orElse(IsolationVerdict.UNKNOWN);
    }

    @Test
    void isCutOffOnlyWhenNobodyHasAnsweredInTheWholeTime() {
        assertThat(after(NeighborInquiry.PATIENCE.minusMillis(1))).isEqualTo(IsolationVerdict.UNKNOWN);
        assertThat(after(NeighborInquiry.PATIENCE)).isEqualTo(IsolationVerdict.CUT_OFF);
    }

    @Test
    void isFreeOnceANeighborHasAnsweredAndNobodyElseForAWhile() {
        answers.put(GATEWAY_6, Set.of(ROUTER));

        assertThat(after(IsolationQuestions.QUIET.minusMillis(1))).isEqualTo(IsolationVerdict.UNKNOWN);
        assertThat(after(IsolationQuestions.QUIET)).isEqualTo(IsolationVerdict.FREE);
    }

    @Test
    void isTakenAtOnceWhenBothAnswer() {
        answers.put(ADDRESS, Set.of(PEER));
        assertThat(after(Duration.ZERO))
                .as("it may be a router that answers for all")
                .isEqualTo(IsolationVerdict.UNKNOWN);

        answers.put(GATEWAY, Set.of(ROUTER));
        assertThat(after(Duration.ZERO)).isEqualTo(IsolationVerdict.TAKEN);
    }

    @Test
    void aRouterThatAnswersForAllTakesNothing() {
        answers.put(GATEWAY, Set.of(ROUTER));
        answers.put(ADDRESS, Set.of(ROUTER));
        assertThat(after(IsolationQuestions.QUIET)).isEqualTo(IsolationVerdict.FREE);

        answers.put(ADDRESS, Set.of(ROUTER, PEER));
        assertThat(after(IsolationQuestions.QUIET)).isEqualTo(IsolationVerdict.TAKEN);
    }

    @Test
    void anotherInterfaceOfOursIsNobody() {
        answers.put(ADDRESS, Set.of(SELF));
        answers.put(GATEWAY, Set.of(SELF));
        assertThat(after(NeighborInquiry.PATIENCE)).isEqualTo(IsolationVerdict.CUT_OFF);

        answers.put(GATEWAY, Set.of(ROUTER));
        assertThat(after(IsolationQuestions.QUIET)).isEqualTo(IsolationVerdict.FREE);
    }
}
