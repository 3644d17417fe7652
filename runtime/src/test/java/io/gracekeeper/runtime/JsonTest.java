package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An object as a tree")
class JsonTest {
    @Test
    @DisplayName("equals what the webhook parses, with numbers of the same type and fields that no model knows")
    void equalsWhatIsParsed() throws Exception {
        String text = """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"checkout","namespace":"shop"},
                 "spec":{"replicas":3,"template":{"spec":{"terminationGracePeriodSeconds":45,"futureField":{"a":1},
                 "containers":[{"name":"app","ports":[{"containerPort":8080}],
                 "lifecycle":{"preStop":{"sleep":{"seconds":10}}}}]}}}}""";
        try (var client = KubernetesClients.create(ProcessKind.OPERATOR, Config.empty())) {
            Deployment deployment = client.getKubernetesSerialization().unmarshal(text, Deployment.class);

            assertThat(new Json(client).tree(deployment)).isEqualTo(new ObjectMapper().readTree(text));
        }
    }
}
