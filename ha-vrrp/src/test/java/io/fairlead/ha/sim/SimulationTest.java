package io.fairlead.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.ha.sim.Simulation.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real rules in a hostile world. Other seeds: {@code -Dsimulation.first=20001 -Dsimulation.seeds=1000000}. The first seed
 * that fails is named, and its trace written to {@code target/simulation}; it is run alone by {@code -Dsimulation.first=N
 * -Dsimulation.seeds=1}, and belongs into {@code failed-seeds.txt} with the change that mends it.
 */
class SimulationTest {

    private static final long SEEDS = Long.getLong("simulation.seeds", 20_000);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final Path TRACES = Path.of("target", "simulation");

    @Test
    void invariantsHoldForEverySeed() throws IOException {
        Optional<Violation> violation = LongStream.range(FIRST, FIRST + SEEDS)
                .parallel()
                .mapToObj(SimulationTest::violationOf)
                .flatMap(Optional::stream)
                .findFirst();

        if (violation.isPresent()) {
            throw new AssertionError(violation.get().getMessage() + "\n"
                    + keepTrace(violation.get().seed()));
        }
    }

    @Test
    void invariantsHoldWhereTheLinkIsAsked() {
        assertThat(LongStream.range(FIRST, FIRST + SEEDS / 10)
                        .parallel()
                        .mapToObj(seed -> violationOf(new Simulation(seed, Rules.REAL, false, World.ASKING)))
                        .flatMap(Optional::stream)
                        .findFirst())
                .isEmpty();
    }

    @Test
    void invariantsHoldBesideANodeThatCannotBeRead() {
        assertThat(LongStream.range(FIRST, FIRST + SEEDS / 10)
                        .parallel()
                        .mapToObj(seed -> violationOf(new Simulation(seed, Rules.REAL, false, World.FOREIGN)))
                        .flatMap(Optional::stream)
                        .findFirst())
                .isEmpty();
    }

    static List<Long> seedsThatFailedOnce() throws IOException {
        try (var file = Objects.requireNonNull(SimulationTest.class.getResourceAsStream("failed-seeds.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Long.valueOf(line.split(" ", 2)[0]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource
    void seedsThatFailedOnce(long seed) {
        assertThat(violationOf(seed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 17, 4711})
    void aSeedGivesTheSameTraceByteForByte(long seed) {
        assertThat(traceOf(seed)).isNotEmpty().isEqualTo(traceOf(seed));
    }

    private static Optional<Violation> violationOf(long seed) {
        return violationOf(new Simulation(seed, Rules.REAL, false));
    }

    private static Optional<Violation> violationOf(Simulation simulation) {
        try {
            simulation.run();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation);
        }
    }

    private static String keepTrace(long seed) throws IOException {
        String trace = traceOf(seed);
        Files.createDirectories(TRACES);
        Files.writeString(TRACES.resolve("seed-" + seed + ".txt"), trace);
        return trace;
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
