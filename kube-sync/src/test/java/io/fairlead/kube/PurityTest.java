package io.fairlead.kube;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PurityTest {

    private static final String[] PURE = {
        "io.fairlead.kube.model", "io.fairlead.kube.mapping", "io.fairlead.kube.address",
    };

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.fairlead.kube");

    @Test
    void decisionsKnowValuesOnly() {
        classes()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.fairlead.kube.model",
                        "io.fairlead.kube.mapping",
                        "io.fairlead.kube.address",
                        "io.fairlead.core.net",
                        "io.fairlead.core.model",
                        "io.fairlead.core.time",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.math",
                        "java.time",
                        "java.util",
                        "java.util.function",
                        "java.util.regex",
                        "java.util.stream",
                        "org.jspecify.annotations")
                .check(PRODUCTION);
    }

    @Test
    void decisionsReadNoClockAndStartNoThread() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Clock.class, System.class, Instant.class)
                .check(PRODUCTION);
    }
}
