package io.fairlead.appliance.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.RealServerName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SharedTermsTest {

    @Test
    void aNameComesBackFromItsSubject() {
        for (RealServerName name : List.of(
                new RealServerName("web", "web-1"), new RealServerName("shop/cart:http/ipv6", "[2001:db8::5]:80"))) {
            assertThat(SharedTerms.name(SharedTerms.subject(name))).contains(name);
        }
        for (String noName : List.of("", "web", "/web-1", "web/")) {
            assertThat(SharedTerms.name(noName)).as(noName).isEmpty();
        }
    }

    @Test
    void whatIsWantedComesBackFromItsWish() {
        OperatorOverride drained =
                OperatorOverride.NONE.withState(AdminState.DRAINED, Optional.of(Duration.ofSeconds(90)));
        OperatorOverride heavier = OperatorOverride.NONE.withWeight(OptionalInt.of(7));

        assertThat(SharedTerms.overrides(Map.of(
                        "web/web-1", SharedTerms.wish(drained).orElseThrow(),
                        "web/web-2", SharedTerms.wish(heavier).orElseThrow())))
                .isEqualTo(Map.of(
                        new RealServerName("web", "web-1"), drained, new RealServerName("web", "web-2"), heavier));
        assertThat(SharedTerms.wish(OperatorOverride.NONE)).isEmpty();
    }
}
