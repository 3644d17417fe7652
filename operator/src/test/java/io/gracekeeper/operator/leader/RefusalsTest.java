package io.gracekeeper.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A refusal of the API server")
class RefusalsTest {
    /** As kube-apiserver writes them: its NamespaceLifecycle plugin, RBAC, and a missing object. */
    @ParameterizedTest
    @CsvSource({
        "403, events, NamespaceTerminating, true",
        "403, events, , false",
        "404, namespaces, , true",
        "404, events, , false",
        "409, namespaces, , false"
    })
    @DisplayName("is of a namespace that goes when it says so")
    void goingNamespace(int code, String kind, String cause, boolean going) {
        var status = new StatusBuilder().withCode(code).withNewDetails().withKind(kind);
        if (cause != null) {
            status = status.addNewCause()
                    .withReason(cause)
                    .withField("metadata.namespace")
                    .endCause();
        }
        var refusal = new KubernetesClientException(status.endDetails().build());

        assertThat(Refusals.isOfGoingNamespace(refusal)).isEqualTo(going);
    }

    @Test
    @DisplayName("says nothing of the namespace where there was no answer")
    void noAnswer() {
        assertThat(Refusals.isOfGoingNamespace(new KubernetesClientException("connection refused")))
                .isFalse();
    }
}
