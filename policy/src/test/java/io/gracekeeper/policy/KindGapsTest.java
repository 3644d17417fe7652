package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Kinds that a policy leaves out between two that it names")
class KindGapsTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                           | ''",
                "{match: {}}                                  | ''",
                "{match: {kinds: [Deployment, StatefulSet]}}  | ''",
                "{match: {kinds: [StatefulSet, Pod]}}         | ''",
                "{match: {kinds: [Deployment, ReplicaSet, Pod]}} | ''",
                "{match: {kinds: [CronJob, Job, Pod]}}        | ''",
                "{match: {kinds: [Deployment, Pod]}} | gracekeeper: web: pods of a ReplicaSet that a Deployment adopts pass: add ReplicaSet to match.kinds",
                "{match: {kinds: [Pod, CronJob]}}    | gracekeeper: web: pods of a Job that names a CronJob its owner pass: add Job to match.kinds",
            })
    @DisplayName("are told to whoever writes it, where pods pass by them")
    void warnings(String spec, String warning) {
        assertThat(KindGaps.warnings("web", Yaml.read(spec, GracefulShutdownPolicySpec.class)))
                .isEqualTo(warning.isEmpty() ? List.of() : List.of(warning));
    }
}
