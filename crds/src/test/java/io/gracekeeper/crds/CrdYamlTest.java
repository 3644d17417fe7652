package io.gracekeeper.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The CRD YAML in the chart")
class CrdYamlTest {
    private static final Path CHART = Path.of("../helm/gracekeeper/files/crds");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gracefulshutdownpolicies",
                "clustergracefulshutdownpolicies",
                "shutdownexceptions",
                "rolloutaudits"
            })
    @DisplayName("is what the records say")
    void isGenerated(String plural) throws IOException {
        String name = plural + ".gracekeeper.io";
        Path generated = Path.of("target/crds", name + "-v1.yml");
        Path committed = CHART.resolve(name + ".yaml");
        assertThat(Files.readString(committed))
                .as(
                        "the API types changed; see the difference, and then: cp crds/%s helm/gracekeeper/files/crds/%s.yaml",
                        generated, name)
                .isEqualTo(Files.readString(generated));
    }

    @Test
    @DisplayName("is what the reference page in docs was generated from")
    void isDocumented() throws IOException {
        assertThat(Files.readString(Path.of("../docs/reference/crds.md")))
                .as("the API types changed; see the difference, and then: cp crds/target/crds/crds.md docs/reference/")
                .isEqualTo(Files.readString(Path.of("target/crds/crds.md")));
    }
}
