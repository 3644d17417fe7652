package io.gracekeeper.webhook;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.gracekeeper.webhook", importOptions = ImportOption.DoNotIncludeTests.class)
class WebhookArchitectureTest {
    private static final String ADMISSION_PATH =
            "(AdmissionReviewHandler|WorkloadReviews|PolicyReviews|ReviewDecoder|ReviewEncoder|Answer|AdmissionRequest)";

    @ArchTest
    static final ArchRule neverSeesTheOperator = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.gracekeeper.operator..", "io.javaoperatorsdk..");

    @ArchTest
    static final ArchRule decidesWithoutClientAndClock = noClasses()
            .that()
            .haveSimpleNameStartingWith("AdmissionRe")
            .or()
            .haveNameMatching(".*\\." + ADMISSION_PATH)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8.kubernetes.client..", "java.net..", "java.nio.file..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Instant.class);

    @ArchTest
    static final ArchRule onlyTheServerKnowsJavalin = noClasses()
            .that()
            .haveSimpleNameNotStartingWith("AdmissionServer")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.javalin..");

    @ArchTest
    static final ArchRule policiesAreBoundWithoutTheClientsModel = noClasses()
            .that(simpleNameStartingWith("ReviewDecoder"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8..");
}
