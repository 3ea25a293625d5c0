package io.fairlead.health.check;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PurityTest {

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.fairlead.health");

    @Test
    void checkPackageKnowsValuesOnly() {
        classes()
                .that()
                .resideInAPackage("io.fairlead.health.check")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.fairlead.health.check",
                        "io.fairlead.core.net",
                        "io.fairlead.core.time",
                        "io.fairlead.core.policy",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.time",
                        "java.util",
                        "java.util.function",
                        "java.util.regex",
                        "java.util.stream",
                        "org.jspecify.annotations")
                .check(PRODUCTION);
    }

    @Test
    void checkPackageReadsNoClockAndStartsNoThread() {
        noClasses()
                .that()
                .resideInAPackage("io.fairlead.health.check")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Clock.class, System.class)
                .orShould()
                .callMethod(Instant.class, "now") // as a value, when a certificate expires, it is no clock
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.fairlead.core.time.Ticker")
                .check(PRODUCTION);
    }
}
