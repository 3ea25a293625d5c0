package io.fairlead;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.time.Ticker;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** What may know what, inside this module. */
@AnalyzeClasses(packages = "io.fairlead", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] PURE = {
        "io.fairlead.core.announce..",
        "io.fairlead.core.net..",
        "io.fairlead.core.time..",
        "io.fairlead.core.model..",
        "io.fairlead.core.policy..",
        "io.fairlead.core.reconcile..",
        "io.fairlead.core.text..",
        "io.fairlead.linux.wire.."
    };

    private static final Pattern ADDRESSES =
            Pattern.compile("java\\.net\\.(Inet[46]?Address|UnknownHostException)|java\\.io\\.Serializable");

    /** Buffers are bytes in memory; {@code InetAddress} and its kin are addresses. Everything beside them in there does I/O. */
    private static final DescribedPredicate<JavaClass> THE_OUTSIDE_WORLD = resideInAnyPackage(
                    "java.io..",
                    "java.nio.channels..",
                    "java.nio.file..",
                    "java.net..",
                    "javax.net..",
                    "java.util.concurrent..",
                    "java.util.logging..",
                    "java.lang.foreign..",
                    "org.slf4j..",
                    "jnr..")
            .and(DescribedPredicate.not(DescribedPredicate.describe(
                    "an address or what belongs to serialization",
                    javaClass -> ADDRESSES.matcher(javaClass.getName()).matches())))
            .as("I/O, sockets, concurrency or logging");

    @ArchTest
    static final ArchRule PURE_PACKAGES_KNOW_NO_OUTSIDE_WORLD = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(THE_OUTSIDE_WORLD)
            .because("decisions are functions from values to values");

    @ArchTest
    static final ArchRule PURE_PACKAGES_KNOW_NO_THREAD = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because("whoever owns a thread calls them");

    @ArchTest
    static final ArchRule PURE_PACKAGES_READ_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .and()
            .areNotAssignableTo(Ticker.class)
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Ticker.class, "system")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .because("the present is an argument");

    @ArchTest
    static final ArchRule NO_NAMES_ARE_RESOLVED = noClasses()
            .should()
            .callMethod(InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getAllByName", String.class)
            .because("an address is a literal, and a lookup may take minutes");

    @ArchTest
    static final ArchRule CORE_KNOWS_NO_ADAPTER = noClasses()
            .that()
            .resideInAPackage("io.fairlead.core..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fairlead.linux..");

    @ArchTest
    static final ArchRule ONLY_THE_SOCKET_SEES_JNR = noClasses()
            .that(DescribedPredicate.not(resideInAPackage("io.fairlead.linux.socket..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jnr..");

    @ArchTest
    static final ArchRule FAKES_ARE_UNUSED_BY_PRODUCTION = noClasses()
            .that(DescribedPredicate.not(resideInAPackage("..testing..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..testing..");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching("io.fairlead.(**)").namingSlices("$1").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_THING_IS = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Data|Info)")
            .because("those words fit everything; name what it is or does");

    /** The words of docs/glossary.md that we avoid; {@code RefusalListener} is told of refusals, so Listener is no word here. */
    @ArchTest
    static final ArchRule NAMES_USE_THE_GLOSSARY = noClasses()
            .should()
            .haveNameMatching("io\\.fairlead\\..*(?i:frontend|vserver|backend|upstream|stickiness|sticky|affinity|slave"
                    + "|standby|heartbeat|floatingip|liveness|algorithm|failover)[^.]*")
            .because("one word per thing: see the glossary");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes).isNotEmpty();
        assertThat(classes.stream().map(JavaClass::getPackage).distinct())
                .allSatisfy(javaPackage -> assertThat(isNullMarked(javaPackage))
                        .as("%s is @NullMarked", javaPackage.getName())
                        .isTrue());
    }

    private static boolean isNullMarked(JavaPackage javaPackage) {
        return javaPackage.isAnnotatedWith(NullMarked.class);
    }
}
