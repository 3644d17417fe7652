package io.gracekeeper.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.gracekeeper.runtime", importOptions = ImportOption.DoNotIncludeTests.class)
class RuntimeArchitectureTest {
    @ArchTest
    static final ArchRule knowsNeitherProcess = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.gracekeeper.webhook..", "io.gracekeeper.operator..", "io.javalin..", "io.javaoperatorsdk..");

    /** What both processes need is little. Where this fails, something belongs elsewhere. */
    @ArchTest
    static void staysSmall(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type ->
                                type.isTopLevelClass() && !type.getSimpleName().equals("package-info")))
                .hasSizeLessThanOrEqualTo(18);
    }
}
