package io.gracekeeper.operator;

import static io.gracekeeper.operator.Workloads.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Retrofit;
import io.gracekeeper.crds.RuleActions;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.crds.ShutdownExceptionStatus;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import io.gracekeeper.operator.apiserver.SimulatedWebhook;
import io.gracekeeper.operator.leader.LeaseTiming;
import io.gracekeeper.runtime.Configuration;
import io.gracekeeper.runtime.KubernetesClients;
import io.gracekeeper.runtime.ProcessKind;
import io.gracekeeper.runtime.ShutdownSequence;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The operator judges all that policies of both scopes match, and")
class ScanProcessTest {
    private final FakeApiServer api = new FakeApiServer();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Runnable> cleanUps = new ArrayList<>();

    @AfterEach
    void stop() {
        cleanUps.reversed().forEach(Runnable::run);
        api.close();
    }

    @Test
    @DisplayName("writes one status for a cluster policy over all namespaces that it selects")
    void clusterPolicy() {
        namespace("shop", Map.of("env", "prod"));
        namespace("bank", Map.of("env", "prod"));
        namespace("attic", Map.of("env", "test"));
        create(Workloads.serving("checkout", 2));
        create(in("bank", Workloads.shortOfTime("ledger")));
        create(in("attic", Workloads.shortOfTime("old")));
        create(Workloads.statefulSet("orders"));
        create(cluster("baseline", Map.of("env", "prod"), policy(null, null)));
        start();
        await().untilAsserted(() -> {
            assertThat(clusterStatus("baseline").matched()).isEqualTo(3);
            assertThat(clusterStatus("baseline").fixable()).isEqualTo(2);
            assertThat(clusterStatus("baseline").violations())
                    .isNotEmpty()
                    .allSatisfy(violation -> assertThat(violation.workload()).isEqualTo("Deployment/bank/ledger"));
        });
        assertThat(clusterStatus("baseline").effective()).isEqualTo(Workloads.REQUIREMENTS);
        assertThat(gauge("gracekeeper.workloads", "classification", "fixable")).isEqualTo(2);
        namespace("attic", Map.of("env", "prod"));
        await().untilAsserted(
                        () -> assertThat(clusterStatus("baseline").matched()).isEqualTo(4));
    }

    @Test
    @DisplayName("says a contradiction on the policy of the cluster and on that of the namespace")
    void contradiction() {
        create(Workloads.serving("checkout", 2));
        create(cluster("baseline", Map.of(), policy(null, null)));
        create(Workloads.policy(
                "tight",
                new GracefulShutdownPolicySpec(null, new Requirements(null, null, null, 20), null, null, null)));
        start();
        await().untilAsserted(() -> {
            assertThat(condition(clusterStatus("baseline").conditions(), "Consistent")
                            .getMessage())
                    .contains("gsp/tight")
                    .contains("cgsp/baseline");
            assertThat(condition(status("tight").conditions(), "Consistent").getStatus())
                    .isEqualTo("False");
        });
    }

    @Test
    @DisplayName("watches a kind only while a policy names it")
    void kinds() {
        var pods = Workloads.policy("pods", policy(new Match(List.of("Pod", "CronJob"), null, null, null), null));
        create(pod("bare", ""));
        create(Workloads.serving("checkout", 2));
        start();
        await().until(() -> leads());
        assertThat(listed("cronjobs")).isFalse();
        assertThat(listed("daemonsets")).isFalse();
        create(pods);
        await().untilAsserted(() -> assertThat(status("pods").matched()).isEqualTo(1));
        assertThat(listed("cronjobs")).isTrue();
        assertThat(listed("daemonsets")).isFalse();
        assertThat(listed("statefulsets"))
                .as("the canary's policy has the default kinds")
                .isTrue();
    }

    @Test
    @DisplayName("judges a pod again that it saw before its ReplicaSet")
    void makerComesLater() {
        create(Workloads.policy("pods", policy(new Match(List.of("ReplicaSet", "Pod"), null, null, null), null)));
        start();
        create(pod("ledger-7c9-x", "ledger-7c9"));
        create(pod("bare", ""));
        await("of the first it is not known who made it")
                .untilAsserted(() -> assertThat(status("pods").matched()).isEqualTo(1));
        // The Deployment above is judged by no policy: its pods are.
        create(wedged(Workloads.shortOfTime("ledger")));
        await().untilAsserted(() -> assertThat(status("pods").matched()).isEqualTo(2));
    }

    private static Pod pod(String name, String replicaSet) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withSpec(Workloads.serving(name, 1).getSpec().getTemplate().getSpec())
                .build();
        if (!replicaSet.isEmpty()) {
            pod.getMetadata()
                    .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                            .withApiVersion("apps/v1")
                            .withKind("ReplicaSet")
                            .withName(replicaSet)
                            .withUid("u")
                            .withController(true)
                            .build()));
        }
        return pod;
    }

    @Test
    @DisplayName("counts what an exception forgives, and takes it back by itself when the exception ends")
    void exceptionEnds() {
        create(Workloads.shortOfTime("ledger"));
        create(Workloads.policy("web", policy(null, null)));
        Instant end = Instant.now().plusSeconds(6).truncatedTo(ChronoUnit.SECONDS);
        create(Workloads.exception("vendor", "ledger", end));
        start();
        await().untilAsserted(() -> {
            assertThat(exceptionStatus("vendor").forgiven()).isEqualTo(1);
            assertThat(status("web").exempt()).isEqualTo(1);
            assertThat(status("web").exceptions())
                    .singleElement()
                    .satisfies(each -> assertThat(each.name()).isEqualTo("shop/vendor"));
        });
        assertThat(condition(exceptionStatus("vendor").conditions(), "Active").getReason())
                .isEqualTo("EndsSoon");
        assertThat(gauge("gracekeeper.exceptions", "state", "ends_soon")).isEqualTo(1);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(condition(exceptionStatus("vendor").conditions(), "Active")
                            .getStatus())
                    .isEqualTo("False");
            assertThat(exceptionStatus("vendor").forgiven()).isZero();
            assertThat(status("web").exempt()).isZero();
            assertThat(status("web").exceptions()).isNull();
        });
        await().untilAsserted(() -> {
            assertThat(events("ExceptionEndsSoon")).hasSize(1);
            assertThat(events("ExceptionEnded")).hasSize(1);
            assertThat(events("PolicyViolation")).as("it breaks a rule again").hasSize(1);
        });
    }

    @Test
    @DisplayName("tells on a workload what it newly breaks, once, and not what it found at its start")
    void news() {
        create(Workloads.shortOfTime("old"));
        create(Workloads.policy("web", policy(null, null)));
        start();
        await().untilAsserted(() -> assertThat(status("web").violating()).isEqualTo(1));
        create(Workloads.shortOfTime("ledger"));
        await().untilAsserted(() -> assertThat(events("PolicyViolation"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getRegarding().getName()).isEqualTo("ledger");
                    assertThat(event.getNote()).contains("5s is too short").contains("gsp/web");
                }));
        await().during(Duration.ofSeconds(2))
                .until(() -> events("PolicyViolation").size() == 1);
    }

    @Test
    @DisplayName("paces Deployments for a cluster policy, and says that a StatefulSet waits for its next rollout")
    void paced() {
        for (Deployment each : List.of(Workloads.serving("small", 1), in("bank", Workloads.serving("big", 3)))) {
            create(each);
            api.client()
                    .resource(Workloads.complete(api.client().resource(each).get()))
                    .updateStatus();
        }
        create(Workloads.statefulSet("orders"));
        api.admit(new SimulatedWebhook(api));
        create(cluster("baseline", Map.of(), Workloads.paced("any", 1).getSpec()));
        start();
        await().untilAsserted(() -> assertThat(touch(NAMESPACE, "small")).isNotEmpty());
        await().untilAsserted(() ->
                assertThat(clusterStatus("baseline").retrofit()).isEqualTo(new Retrofit(1, 1, 0, 0, null)));
        assertThat(touch("bank", "big")).isEmpty();
        complete(NAMESPACE, "small");
        await().untilAsserted(() -> assertThat(touch("bank", "big")).isNotEmpty());
        complete("bank", "big");
        await().untilAsserted(() -> {
            Condition injected = condition(clusterStatus("baseline").conditions(), "Injected");
            assertThat(injected.getReason()).isEqualTo("WaitsForRollout");
            assertThat(injected.getMessage())
                    .contains("StatefulSet/shop/orders")
                    .contains("only Deployments are paced");
        });
    }

    @Test
    @DisplayName("counts Deny of a single rule as Deny")
    void denyByRule() {
        api.admit(new SimulatedWebhook(api));
        create(Workloads.policy(
                "web",
                policy(
                        null,
                        new Validation(
                                List.of(ValidationAction.WARN),
                                List.of(new RuleActions("BudgetFits", List.of(ValidationAction.DENY))),
                                null))));
        start();
        await().untilAsserted(() -> assertThat(
                        condition(status("web").conditions(), "Enforced").getStatus())
                .isEqualTo("True"));
    }

    @Test
    @DisplayName("asks a ReplicaSet to try again when another policy lets its refused pods pass, and not before")
    void unwedge() {
        var pods = Workloads.policy(
                "pods",
                policy(new Match(List.of("Pod"), null, null, null), new Validation(List.of(ValidationAction.DENY))));
        create(pods);
        create(Workloads.shortOfTime("ledger"));
        create(wedged(deployment(NAMESPACE, "ledger")));
        start();
        await().until(() -> leads());
        await().untilAsserted(() -> assertThat(status("pods").matched()).isZero());
        await().during(Duration.ofSeconds(2)).until(() -> retry().isEmpty());
        api.client()
                .resource(Workloads.policy(
                        "pods",
                        policy(
                                new Match(List.of("Pod"), null, null, null),
                                new Validation(List.of(ValidationAction.WARN)))))
                .patch();
        await().untilAsserted(() -> assertThat(retry()).isNotEmpty());
        await().untilAsserted(() -> assertThat(events("RetriedReplicaSet"))
                .singleElement()
                .satisfies(event -> assertThat(event.getRegarding().getName()).isEqualTo("ledger")));
        assertThat(api.writes("/deployments/ledger")).hasSize(1);
    }

    @Test
    @DisplayName(
            "keeps a PolicyReport per namespace where that is asked for, and writes it only when it says something else, or is gone")
    void reports() {
        create(new ClusterRoleBuilder()
                .withNewMetadata()
                .withName("reports")
                .endMetadata()
                .build());
        create(Workloads.shortOfTime("ledger"));
        create(Workloads.policy("web", policy(null, null)));
        start(Map.of("GRACEKEEPER_POLICY_REPORTS_OWNER", "reports"));
        await().untilAsserted(() -> assertThat(api.writes("/namespaces/shop/policyreports/gracekeeper"))
                .hasSize(1));
        assertThat(api.writes("/namespaces/shop/policyreports/gracekeeper")
                        .get(0)
                        .body())
                .contains("5s is too short", "ownerReferences", "\"warn\":");
        create(Workloads.serving("checkout", 1));
        await().untilAsserted(() -> assertThat(api.writes("/namespaces/shop/policyreports/gracekeeper"))
                .hasSize(2));
        complete(NAMESPACE, "checkout");
        await().during(Duration.ofSeconds(2))
                .until(() ->
                        api.writes("/namespaces/shop/policyreports/gracekeeper").size() == 2);
        api.client()
                .genericKubernetesResources("wgpolicyk8s.io/v1alpha2", "PolicyReport")
                .inNamespace(NAMESPACE)
                .withName("gracekeeper")
                .delete();
        await().untilAsserted(() -> assertThat(api.writes("/namespaces/shop/policyreports/gracekeeper"))
                .extracting(FakeApiServer.Request::method)
                .containsExactly("PATCH", "PATCH", "DELETE", "PATCH"));
    }

    private String retry() {
        Map<String, String> annotations =
                deployment(NAMESPACE, "ledger").getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Annotations.RETRY, "");
    }

    private static ReplicaSet wedged(Deployment deployment) {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("ledger-7c9")
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName("ledger")
                .withUid(deployment.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withTemplate(deployment.getSpec().getTemplate())
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withReason("FailedCreate")
                .withMessage("admission webhook \"validate.pods.gracekeeper.io\" denied the request: 5s is too short")
                .endCondition()
                .endStatus()
                .build();
    }

    private void start() {
        start(Map.of());
    }

    private void start(Map<String, String> more) {
        KubernetesClient client = KubernetesClients.create(ProcessKind.OPERATOR, api.configuration(api.port()));
        cleanUps.add(client::close);
        Map<String, String> env = new HashMap<>(more);
        env.put("GRACEKEEPER_POD_NAME", "a");
        env.put("GRACEKEEPER_SHUTDOWN_SECONDS", "5");
        Configuration configuration = Configuration.from(env, ProcessKind.OPERATOR);
        var timing = new LeaseTiming(Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofMillis(300));
        var process = new OperatorProcess(configuration, client, meters, Clock.systemUTC(), timing, () -> {});
        var shutdown = new ShutdownSequence();
        process.stopBy(shutdown);
        cleanUps.add(shutdown::run);
        try {
            process.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean leads() {
        return gauge("gracekeeper.leader") == 1;
    }

    private double gauge(String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }

    private boolean listed(String plural) {
        return api.requests().stream().anyMatch(request -> request.path().matches(".*/" + plural + "(\\?.*)?"));
    }

    private void namespace(String name, Map<String, String> labels) {
        api.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .createOr(existing -> existing.update());
    }

    private static Deployment in(String namespace, Deployment deployment) {
        return new DeploymentBuilder(deployment)
                .editMetadata()
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }

    private static GracefulShutdownPolicySpec policy(Match match, Validation validation) {
        return new GracefulShutdownPolicySpec(
                match, Workloads.REQUIREMENTS, validation, new Injection(InjectionMode.DRY_RUN, null), null);
    }

    private static ClusterGracefulShutdownPolicy cluster(
            String name, Map<String, String> namespaces, GracefulShutdownPolicySpec spec) {
        LabelSelector selector =
                new LabelSelectorBuilder().withMatchLabels(namespaces).build();
        var policy = new ClusterGracefulShutdownPolicy();
        policy.setMetadata(
                new ObjectMetaBuilder().withName(name).withGeneration(1L).build());
        policy.setSpec(ClusterGracefulShutdownPolicySpec.of(selector, spec));
        return policy;
    }

    private void create(HasMetadata object) {
        api.client().resource(object).create();
    }

    private void complete(String namespace, String name) {
        api.client().resource(Workloads.complete(deployment(namespace, name))).updateStatus();
    }

    private Deployment deployment(String namespace, String name) {
        return api.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private String touch(String namespace, String name) {
        Map<String, String> annotations =
                deployment(namespace, name).getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Annotations.INJECT, "");
    }

    private GracefulShutdownPolicyStatus status(String name) {
        GracefulShutdownPolicyStatus status = api.client()
                .resources(io.gracekeeper.crds.GracefulShutdownPolicy.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get()
                .getStatus();
        assertThat(status).as("status of " + name).isNotNull();
        return status;
    }

    private GracefulShutdownPolicyStatus clusterStatus(String name) {
        GracefulShutdownPolicyStatus status = api.client()
                .resources(ClusterGracefulShutdownPolicy.class)
                .withName(name)
                .get()
                .getStatus();
        assertThat(status).as("status of " + name).isNotNull();
        return status;
    }

    private ShutdownExceptionStatus exceptionStatus(String name) {
        ShutdownExceptionStatus status = api.client()
                .resources(ShutdownException.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get()
                .getStatus();
        assertThat(status).as("status of " + name).isNotNull();
        return status;
    }

    private static Condition condition(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private List<Event> events(String reason) {
        return api.client().events().v1().events().inAnyNamespace().list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .toList();
    }
}
