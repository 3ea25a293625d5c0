package io.fairlead.ha;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PurityTest {

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.fairlead.ha");

    @Test
    void electionWireAndSealKnowNoOutsideWorld() {
        noClasses()
                .that()
                .resideInAnyPackage("io.fairlead.ha.election..", "io.fairlead.ha.wire..", "io.fairlead.ha.seal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "org.slf4j..",
                        "org.jgroups..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Clock.class, System.class, Instant.class, Random.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.fairlead.core.time.Ticker")
                .check(PRODUCTION);
    }

    /** Whoever steps the clock of the host moves no deadline: all of them are of the clock that never jumps. */
    @Test
    void nothingOfAnElectionReadsTheTimeOfDay() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Clock.class,
                        Instant.class,
                        Date.class,
                        Calendar.class,
                        LocalDateTime.class,
                        OffsetDateTime.class,
                        ZonedDateTime.class)
                .check(PRODUCTION);
    }
}
