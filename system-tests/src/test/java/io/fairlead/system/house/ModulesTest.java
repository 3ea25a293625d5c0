package io.fairlead.system.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may see whom, over all modules. */
@AnalyzeClasses(packages = "io.fairlead", importOptions = ModulesTest.OnlyProduction.class)
class ModulesTest {

    /** Leaves out test classes, also those that a module shares as a jar. */
    static final class OnlyProduction implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule ONLY_CONF_SEES_THE_CONFIGURATION_LIBRARY = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.conf..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.typesafe.config..");

    @ArchTest
    static final ArchRule ONLY_THE_SOCKET_PACKAGE_SEES_FOREIGN_CALLS = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.linux.socket..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai..");

    @ArchTest
    static final ArchRule ONLY_WHAT_READS_AND_WRITES_JSON_SEES_ITS_LIBRARY = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.fairlead.appliance.admin..",
                    "io.fairlead.appliance.state..",
                    "io.fairlead.appliance.event..",
                    "io.fairlead.kube.json..",
                    "io.fairlead.system.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.gson..");

    @ArchTest
    static final ArchRule ONLY_METRICS_SEE_THE_LIBRARY_OF_PROMETHEUS = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.appliance.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.prometheus..");

    @ArchTest
    static final ArchRule ONLY_THE_WATCH_SEES_THE_KUBERNETES_CLIENT = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.kube.watch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule ONLY_WHAT_READS_MANIFESTS_SEES_THE_YAML_LIBRARY = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.kube.json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.yaml..");

    @ArchTest
    static final ArchRule FEATURES_DO_NOT_MEET =
            slices().matching("io.fairlead.(health|ha|kube)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_WHAT_HOLDS_SOCKETS_SEES_NETTY = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.fairlead.health.netty..",
                    "io.fairlead.appliance",
                    "io.fairlead.appliance.admin..",
                    "io.fairlead.appliance.log..",
                    "io.fairlead.appliance.metrics..",
                    "io.fairlead.appliance.supervise..",
                    "io.fairlead.system.benchmark") // its bare loop is the limit that checks are measured beside
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule PRODUCTION_USES_NO_DOUBLES = noClasses()
            .that()
            .resideOutsideOfPackages("..testing..", "io.fairlead.system.benchmark..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..testing..");

    @ArchTest
    static final ArchRule ONLY_COMMANDS_LOGS_AND_SYSTEM_TESTS_WRITE_TO_STANDARD_STREAMS = noClasses()
            .that()
            .resideOutsideOfPackages("io.fairlead.cli..", "io.fairlead.appliance.log..", "io.fairlead.system..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_PACKAGES = slices().matching(
                    "io.fairlead.(core|linux|health|ha|kube|conf|appliance|cli).(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule COMMANDS_ARE_NAMED_SO = classes()
            .that()
            .areAnnotatedWith("picocli.CommandLine$Command")
            .should()
            .haveSimpleNameEndingWith("Command");
}
