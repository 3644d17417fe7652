package io.gracekeeper.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.kubernetes.client.KubernetesClient;

@AnalyzeClasses(packages = "io.gracekeeper.operator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule THE_OPERATOR_NEVER_SEES_THE_WEBHOOK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.gracekeeper.webhook..", "io.javalin..", "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule DECISIONS_ARE_PURE = noClasses()
            .that()
            .haveSimpleNameEndingWith("StatusBuilder")
            .or()
            .haveSimpleName("InjectedCondition")
            .or()
            .haveSimpleName("Pacer")
            .or()
            .haveSimpleName("Halts")
            .or()
            .haveSimpleName("CertificatePlan")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(KubernetesClient.class)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");
}
