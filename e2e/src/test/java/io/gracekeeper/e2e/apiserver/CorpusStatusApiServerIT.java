package io.gracekeeper.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.gracekeeper.policy.cases.Case;
import io.gracekeeper.policy.cases.Cases;
import io.gracekeeper.policy.cases.Expected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The corpus at the operator's door, for real: each case in a namespace of its own, stored with the API server's defaults, watched
 * with the rights of the chart, and said in the status of each policy that matches it. No webhook is asked about these namespaces.
 */
@DisplayName("Of a case of the corpus that is in the cluster, the status of its policies says what every door says:")
@OnRealApiServer
class CorpusStatusApiServerIT {
    private static final String CLUSTER_POLICY = "ClusterGracefulShutdownPolicy";
    private static final Set<String> POLICIES = Set.of(CLUSTER_POLICY, "GracefulShutdownPolicy");

    private final List<Case> cases = Cases.all(Instant.now()).stream()
            .filter(one -> one.apiServer() != Case.ApiServer.REFUSES)
            .filter(one -> !CorpusApiServerIT.REFUSED_WITH_STOP_SIGNALS.contains(one.toString()))
            // The garbage collector and the owner's controller would have their say about what is owned.
            .filter(one -> !one.object().path("metadata").has("ownerReferences"))
            .toList();
    private final Map<Case, String> namespaces = new HashMap<>();
    private KubernetesClient client;
    private InstalledOperator operator;

    @BeforeAll
    void start(ApiServer server) {
        client = new KubernetesClientBuilder()
                .withConfig(server.cluster().clientConfig())
                .build();
        cases.forEach(one -> namespaces.put(one, namespace(one)));
        cases.stream().filter(one -> !isOfCluster(one)).forEach(this::store);
        operator = InstalledOperator.start(server.cluster(), server.chart());
    }

    @AfterAll
    void stop() {
        operator.close();
        namespaces.values().forEach(name -> client.namespaces().withName(name).delete());
        client.close();
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return cases.stream()
                .map(one -> dynamicTest(one.toString(), () -> {
                    if (!isOfCluster(one)) {
                        await().untilAsserted(() -> says(one));
                        return;
                    }
                    // Policies of the cluster have the same names in several cases.
                    store(one);
                    try {
                        await().untilAsserted(() -> says(one));
                    } finally {
                        policies(one)
                                .filter(policy -> policy.getKind().equals(CLUSTER_POLICY))
                                .forEach(policy -> client.resource(policy).delete());
                    }
                }));
    }

    private void says(Case one) {
        List<JsonNode> statuses = policies(one)
                .map(this::stored)
                .map(policy -> policy.path("status"))
                .toList();
        assertThat(statuses).allMatch(status -> status.has("matched"));
        List<JsonNode> matching = statuses.stream()
                .filter(status -> status.path("matched").asInt() > 0)
                .toList();
        if (one.rule().equals(Case.UNJUDGED)) {
            assertThat(matching).isEmpty();
            return;
        }
        assertThat(matching).isNotEmpty().allSatisfy(status -> says(one.expected(), status));
    }

    private static void says(Expected expected, JsonNode status) {
        boolean violating = expected.classification().equals("VIOLATING");
        assertThat(status.path("matched").asInt()).isEqualTo(1);
        assertThat(status.path("compliant").asInt())
                .isEqualTo(expected.classification().equals("COMPLIANT") ? 1 : 0);
        assertThat(status.path("fixable").asInt())
                .isEqualTo(expected.classification().equals("FIXABLE") ? 1 : 0);
        assertThat(status.path("violating").asInt()).isEqualTo(violating ? 1 : 0);
        List<Tuple> said = StreamSupport.stream(status.path("violations").spliterator(), false)
                .map(violation -> new Tuple(
                        violation.path("rule").asText(),
                        violation.path("message").asText()))
                .toList();
        assertThat(said)
                .containsExactlyInAnyOrderElementsOf(
                        violating
                                ? expected.violations().stream()
                                        .map(violation -> new Tuple(violation.rule(), violation.message()))
                                        .toList()
                                : List.of());
    }

    private void store(Case one) {
        String namespace = namespaces.get(one);
        var labels = new HashMap<String, String>();
        one.policyDocuments().stream()
                .filter(document -> document.path("kind").asText().equals("Namespace"))
                .forEach(document -> document.at("/metadata/labels")
                        .properties()
                        .forEach(label ->
                                labels.put(label.getKey(), label.getValue().asText())));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        await().until(() -> client.serviceAccounts()
                        .inNamespace(namespace)
                        .withName("default")
                        .get()
                != null);
        List<GenericKubernetesResource> objects = new ArrayList<>();
        one.policyDocuments().stream()
                .filter(document -> !document.path("kind").asText().equals("Namespace"))
                .forEach(document -> objects.add(in(namespace, document)));
        objects.add(in(namespace, one.object()));
        objects.forEach(object -> client.resource(object).create());
    }

    private Stream<GenericKubernetesResource> policies(Case one) {
        return one.policyDocuments().stream()
                .filter(document -> POLICIES.contains(document.path("kind").asText()))
                .map(document -> in(namespaces.get(one), document));
    }

    private JsonNode stored(GenericKubernetesResource policy) {
        return client.getKubernetesSerialization()
                .convertValue(client.resource(policy).get(), JsonNode.class);
    }

    private static boolean isOfCluster(Case one) {
        return !one.policies().clusterPolicies().isEmpty();
    }

    private static String namespace(Case one) {
        return "status-" + one.rule().toLowerCase(Locale.ROOT) + "-" + one.name();
    }

    /** The same object there, and a policy of the cluster for nobody else. */
    private GenericKubernetesResource in(String namespace, JsonNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.path("kind").asText().equals(CLUSTER_POLICY)) {
            copy.withObject("/spec/namespaceSelector/matchLabels").put("kubernetes.io/metadata.name", namespace);
        } else {
            copy.withObject("/metadata").put("namespace", namespace);
        }
        return client.getKubernetesSerialization().unmarshal(copy.toString(), GenericKubernetesResource.class);
    }
}
