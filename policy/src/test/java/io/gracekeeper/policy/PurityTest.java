package io.gracekeeper.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The core is pure: what it decides depends on what it is handed, and on nothing else. */
@AnalyzeClasses(packages = "io.gracekeeper.policy", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {
    @ArchTest
    static final ArchRule SEES_ONLY_VALUES = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.gracekeeper.policy..",
                    "io.gracekeeper.crds..",
                    "io.fabric8.kubernetes.api.model..",
                    "io.fabric8.kubernetes.client", // CustomResource, which our API types extend
                    "com.fasterxml.jackson..",
                    "org.jspecify..",
                    "java..");

    @ArchTest
    static final ArchRule NO_INPUT_OR_OUTPUT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.file..", "java.util.concurrent..", "java.util.logging..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, java.io.File.class, Runtime.class, ProcessHandle.class);

    @ArchTest
    static final ArchRule NO_CLIENT = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fabric8.kubernetes.client.Client");

    @ArchTest
    static final ArchRule NO_CLOCK_ENVIRONMENT_OR_LUCK = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.time.Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Random.class, java.security.SecureRandom.class);
}
