package io.gracekeeper.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What one policy can contradict in itself (CEL in the CRD)")
class CelRulesTest {
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().build();

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("requirements", Map.of(), true),
                Arguments.of("requirements", Map.of("maxTerminationGracePeriodSeconds", 1L), true),
                Arguments.of(
                        "requirements",
                        Map.of(
                                "drainDelaySeconds",
                                10L,
                                "shutdownSeconds",
                                20L,
                                "maxTerminationGracePeriodSeconds",
                                35L),
                        true),
                Arguments.of(
                        "requirements",
                        Map.of(
                                "drainDelaySeconds",
                                10L,
                                "shutdownSeconds",
                                20L,
                                "maxTerminationGracePeriodSeconds",
                                34L),
                        false),
                Arguments.of(
                        "requirements",
                        Map.of("shutdownSeconds", 20L, "marginSeconds", 0L, "maxTerminationGracePeriodSeconds", 20L),
                        true),
                Arguments.of(
                        "requirements", Map.of("marginSeconds", 3L, "maxTerminationGracePeriodSeconds", 2L), false),
                Arguments.of("validation", Map.of("actions", List.of("Deny", "Audit")), true),
                Arguments.of("validation", Map.of("actions", List.of("Deny", "Warn")), false),
                Arguments.of("validation", Map.of("actions", List.of("Audit", "Audit")), false),
                Arguments.of("validation", Map.of(), true),
                Arguments.of("audit", Map.of("cleanExitCodes", List.of(0L, 143L)), true),
                Arguments.of("audit", Map.of("cleanExitCodes", List.of(0L, 137L)), false));
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @MethodSource("cases")
    void rule(String part, Map<String, Object> self, boolean valid) throws Exception {
        JSONSchemaProps schema = schema("gracefulshutdownpolicies")
                .getProperties()
                .get("spec")
                .getProperties()
                .get(part);
        boolean all = true;
        for (var rule : schema.getXKubernetesValidations()) {
            all &= (Boolean)
                    RUNTIME.createProgram(COMPILER.compile(rule.getRule()).getAst())
                            .eval(Map.of("self", self));
        }
        assertThat(all).isEqualTo(valid);
    }

    private static JSONSchemaProps schema(String plural) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of("target/crds/" + plural + ".gracekeeper.io-v1.yml"))) {
            return Serialization.unmarshal(in, CustomResourceDefinition.class)
                    .getSpec()
                    .getVersions()
                    .get(0)
                    .getSchema()
                    .getOpenAPIV3Schema();
        }
    }
}
