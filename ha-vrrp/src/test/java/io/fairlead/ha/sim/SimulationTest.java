package io.fairlead.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real rules in a hostile world. A longer run: {@code -Dsimulation.seeds=20000}, or of other seeds with {@code
 * -Dsimulation.first=20001}; a seed that fails is printed with its trace, and is run alone by {@code -Dsimulation.first=N
 * -Dsimulation.seeds=1}.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void invariantsHoldForEverySeed() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                new Simulation(seed, Rules.REAL, false).run();
            } catch (Violation violation) {
                throw new AssertionError(violation.getMessage() + "\n" + traceOf(seed), violation);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 17, 4711})
    void aSeedGivesTheSameTraceByteForByte(long seed) {
        assertThat(traceOf(seed)).isNotEmpty().isEqualTo(traceOf(seed));
    }

    private static String traceOf(long seed) {
        Simulation simulation = new Simulation(seed, Rules.REAL, true);
        try {
            simulation.run();
        } catch (Violation violation) {
            return simulation.trace() + violation.getMessage();
        }
        return simulation.trace();
    }
}
