package io.gracekeeper.operator;

import static io.gracekeeper.operator.Workloads.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Retrofit;
import io.gracekeeper.operator.apiserver.Admission;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import io.gracekeeper.operator.apiserver.Outage;
import io.gracekeeper.operator.apiserver.SimulatedWebhook;
import io.gracekeeper.operator.leader.LeaseTiming;
import io.gracekeeper.runtime.Configuration;
import io.gracekeeper.runtime.KubernetesClients;
import io.gracekeeper.runtime.ProcessKind;
import io.gracekeeper.runtime.ReadinessGates;
import io.gracekeeper.runtime.ShutdownSequence;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The operator")
class OperatorProcessTest {
    private static final LeaseTiming QUICK =
            new LeaseTiming(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(300));

    private static final LeaseTiming SLOW =
            new LeaseTiming(Duration.ofSeconds(60), Duration.ofSeconds(50), Duration.ofMillis(500));

    private final FakeApiServer api = new FakeApiServer();
    private final List<Runnable> cleanUps = new ArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();

    /** One replica, and how it is stopped. */
    private record Replica(OperatorProcess process, ShutdownSequence shutdown, SimpleMeterRegistry meters) {
        double gauge(String name, String... tags) {
            return meters.get(name).tags(tags).gauge().value();
        }

        double leads() {
            return gauge("gracekeeper.leader");
        }
    }

    @AfterEach
    void stop() {
        cleanUps.reversed().forEach(Runnable::run);
        api.close();
    }

    @Test
    @DisplayName("judges workloads, and writes the status only when something changed")
    void status() {
        api.admit(new SimulatedWebhook(api));
        create(Workloads.policy("web", new GracefulShutdownPolicySpec(null, Workloads.REQUIREMENTS, null, null, null)));
        create(Workloads.serving("checkout", 2));
        Replica a = start("a", client(api.port()));
        await().untilAsserted(() -> assertThat(status("web").matched()).isEqualTo(1));
        create(Workloads.shortOfTime("ledger"));
        await().untilAsserted(() -> assertThat(status("web").violating()).isEqualTo(2));
        int written = api.writes("gracefulshutdownpolicies/web/status").size();
        assertThat(a.gauge("gracekeeper.workloads", "classification", "violating"))
                .isEqualTo(2);
        await().untilAsserted(
                        () -> assertThat(a.gauge("gracekeeper.policies", "condition", "Accepted", "status", "True"))
                                .isEqualTo(2)); // The canary's policy is the other one.
        assertThat(a.gauge("gracekeeper.policies", "condition", "Accepted", "status", "False"))
                .isZero();
        assertThat(api.storedPolicies())
                .allSatisfy(policy ->
                        assertThat(policy.getMetadata().getFinalizers()).isNullOrEmpty());
        edit("checkout", deployment -> deployment.getMetadata().setLabels(Map.of("nothing", "new")));
        await().during(Duration.ofSeconds(2))
                .until(() -> api.writes("gracefulshutdownpolicies/web/status").size() == written);
        assertThat(api.writes("gracefulshutdownpolicies/web/status").get(0).path())
                .contains("fieldManager=gracekeeper");
        assertThat(api.writes("/deployments/"))
                .filteredOn(request -> !request.method().equals("PUT"))
                .filteredOn(request -> !request.body().contains("nothing"))
                .isEmpty();
    }

    @Test
    @DisplayName("tells every policy of a contradiction when a new one comes, and takes it back when it goes")
    void siblings() {
        create(Workloads.policy("web", new GracefulShutdownPolicySpec(null, Workloads.REQUIREMENTS, null, null, null)));
        create(Workloads.serving("checkout", 2));
        start("a", client(api.port()));
        await().untilAsserted(() ->
                assertThat(condition("web", "Consistent").getStatus()).isEqualTo("True"));
        create(Workloads.policy(
                "tight",
                new GracefulShutdownPolicySpec(null, new Requirements(null, null, null, 20), null, null, null)));
        await().untilAsserted(() ->
                assertThat(condition("web", "Consistent").getStatus()).isEqualTo("False"));
        api.client()
                .resources(GracefulShutdownPolicy.class)
                .inNamespace(NAMESPACE)
                .withName("tight")
                .delete();
        await().untilAsserted(() ->
                assertThat(condition("web", "Consistent").getStatus()).isEqualTo("True"));
    }

    @Test
    @DisplayName("gives existing workloads their turn one by one, writes only the touch, and says so")
    void turns() {
        createExisting(Workloads.serving("big", 5), Workloads.serving("small", 1), Workloads.shortOfTime("ledger"));
        api.admit(new SimulatedWebhook(api));
        create(Workloads.paced("web", 1));
        Replica a = start("a", client(api.port()));
        await().untilAsserted(() -> assertThat(touch("small")).isNotEmpty());
        await().untilAsserted(() -> assertThat(retrofit("web")).isEqualTo(new Retrofit(1, 1, 0, 1, null)));
        assertThat(touch("big")).isEmpty();
        assertThat(deployment("small").getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(35);
        complete("small");
        await().untilAsserted(() -> assertThat(touch("big")).isNotEmpty());
        complete("big");
        await().untilAsserted(() -> assertThat(retrofit("web")).isEqualTo(new Retrofit(0, 0, 2, 1, null)));
        assertThat(condition("web", "Injected").getStatus()).isEqualTo("True");
        await().untilAsserted(() -> assertThat(a.gauge("gracekeeper.retrofit.workloads", "state", "settled"))
                .isEqualTo(2));
        assertThat(a.gauge("gracekeeper.retrofit.workloads", "state", "skipped"))
                .isEqualTo(1);
        assertThat(a.gauge("gracekeeper.retrofit.halted")).isZero();
        assertThat(touch("ledger")).isEmpty();
        assertThat(api.writes("/deployments/").stream()
                        .filter(request -> request.method().equals("PATCH")))
                .hasSize(2)
                .allSatisfy(
                        request -> assertThat(request.body())
                                .matches(
                                        "\\{\"metadata\":\\{\"resourceVersion\":\"\\d+\",\"annotations\":\\{\"gracekeeper.io/inject\":\"[0-9a-f]+\"}}}"));
        await().untilAsserted(() -> assertThat(events("InjectionApplied"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getNote())
                        .startsWith("Injected app: preStop sleep 10")
                        .endsWith("Pods that end now still have their OLD settings.")));
    }

    @Test
    @DisplayName("touches nothing while nobody proves that the webhook works")
    void unproven() {
        createExisting(Workloads.serving("small", 1));
        api.admit(Admission.NONE);
        create(Workloads.paced("web", 1));
        start("a", client(api.port()));
        await().untilAsserted(() ->
                assertThat(condition("web", "Enforced").getReason()).isEqualTo("Admitted"));
        assertThat(condition("web", "Enforced").getStatus()).isEqualTo("False");
        await().untilAsserted(() ->
                assertThat(condition("web", "Injected").getReason()).isEqualTo("WaitsForEnforcement"));
        assertThat(touch("small")).isEmpty();
        api.admit(new SimulatedWebhook(api));
        await().untilAsserted(() -> assertThat(touch("small")).isNotEmpty());
    }

    @Test
    @DisplayName("halts when a touch is ignored, touches no other, and goes on after a resume")
    void ignored() {
        createExisting(Workloads.serving("first", 1), Workloads.serving("second", 2));
        var webhook = new SimulatedWebhook(api);
        // Refuses the canary, but the mutating half is not called for updates.
        api.admit((object, old) -> old == null ? webhook.admit(object, old) : object);
        create(Workloads.paced("web", 5));
        start("a", client(api.port()));
        await().untilAsserted(() -> assertThat(retrofit("web").halted()).isNotNull());
        assertThat(retrofit("web").halted().reason()).isEqualTo("TouchIgnored");
        assertThat(retrofit("web").halted().workload()).isEqualTo("Deployment/first");
        assertThat(condition("web", "Injected").getReason()).isEqualTo("Halted");
        await().untilAsserted(() -> assertThat(events("RetrofitHalted")).hasSize(1));
        assertThat(touch("second")).isEmpty();
        assertThat(events("InjectionApplied")).isEmpty();
    }

    @Test
    @DisplayName("halts when a touched workload is not available in time, also after a change of leader")
    void notAvailable() {
        createExisting(Workloads.serving("first", 1), Workloads.serving("second", 2));
        api.admit(new SimulatedWebhook(api));
        create(Workloads.paced("web", 1));
        Replica a = start("a", client(api.port()));
        await().untilAsserted(() -> assertThat(retrofit("web").rolling()).isEqualTo(1));
        a.shutdown().run();
        overdue("first");
        start("b", client(api.port()));
        await().untilAsserted(() -> assertThat(retrofit("web").halted()).isNotNull());
        assertThat(retrofit("web").halted().reason()).isEqualTo("NotAvailable");
        assertThat(touch("second")).isEmpty();
    }

    @Test
    @DisplayName("hands over within a moment when it is stopped; the standby was warm, and nobody lost anything")
    void handOver() {
        api.admit(new SimulatedWebhook(api));
        create(Workloads.policy("web", new GracefulShutdownPolicySpec(null, Workloads.REQUIREMENTS, null, null, null)));
        Replica a = start("a", client(api.port()), SLOW);
        Replica b = start("b", client(api.port()), SLOW);
        await().until(() -> a.leads() == 1);
        assertThat(b.leads()).isZero();
        long begin = System.nanoTime();
        a.shutdown().run();
        await().until(() -> b.leads() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isLessThan(SLOW.duration().dividedBy(2));
        assertThat(lost).as("a stop is no loss").hasValue(0);
        create(Workloads.serving("checkout", 2));
        await().untilAsserted(() -> assertThat(status("web").matched()).isEqualTo(1));
    }

    @Test
    @DisplayName("ends at once when it loses the Lease")
    void loss() {
        Replica a = start("a", client(api.port()));
        await().until(() -> a.leads() == 1);
        api.takeOver("gracekeeper-system", "gracekeeper-operator");
        await().until(() -> lost.get() > 0);
        assertThat(a.leads()).isZero();
    }

    @Test
    @DisplayName("finds back by itself when the API server was gone, and sees what happened meanwhile")
    void outage() {
        api.admit(new SimulatedWebhook(api));
        create(Workloads.policy("web", new GracefulShutdownPolicySpec(null, Workloads.REQUIREMENTS, null, null, null)));
        var way = new Outage(api.port());
        cleanUps.add(way::close);
        start("a", client(way.port()), SLOW);
        await().untilAsserted(() -> assertThat(status("web").matched()).isZero());
        way.begin();
        create(Workloads.serving("checkout", 2));
        await().during(Duration.ofSeconds(3)).until(() -> status("web").matched() == 0);
        way.end();
        await().untilAsserted(() -> assertThat(status("web").matched()).isEqualTo(1));
        create(Workloads.serving("cart", 2));
        await().untilAsserted(() -> assertThat(status("web").matched()).isEqualTo(2));
    }

    @Test
    @DisplayName("waits for an API server that is not there yet, and is not ready until then")
    void lateApiServer() throws InterruptedException {
        var way = new Outage(api.port());
        cleanUps.add(way::close);
        way.begin();
        var replica = replica("a", client(way.port()), QUICK);
        var readiness = new ReadinessGates();
        replica.process().require(readiness);
        Thread starting = Thread.ofVirtual().start(() -> begin(replica));
        await().during(Duration.ofSeconds(1)).until(() -> !readiness.closed().isEmpty());
        way.end();
        await().until(() -> readiness.closed().isEmpty());
        assertThat(starting.join(Duration.ofSeconds(5))).isTrue();
        replica.shutdown().run();
        assertThat(readiness.closed()).contains("stopping");
    }

    private Replica start(String name, KubernetesClient client) {
        return start(name, client, QUICK);
    }

    private Replica start(String name, KubernetesClient client, LeaseTiming timing) {
        Replica replica = replica(name, client, timing);
        begin(replica);
        return replica;
    }

    private static void begin(Replica replica) {
        try {
            replica.process().start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Replica replica(String name, KubernetesClient client, LeaseTiming timing) {
        var meters = new SimpleMeterRegistry();
        Configuration configuration = Configuration.from(
                Map.of("GRACEKEEPER_POD_NAME", name, "GRACEKEEPER_SHUTDOWN_SECONDS", "5"), ProcessKind.OPERATOR);
        var process =
                new OperatorProcess(configuration, client, meters, Clock.systemUTC(), timing, lost::incrementAndGet);
        var shutdown = new ShutdownSequence();
        process.stopBy(shutdown);
        cleanUps.add(shutdown::run);
        return new Replica(process, shutdown, meters);
    }

    private KubernetesClient client(int port) {
        KubernetesClient client = KubernetesClients.create(ProcessKind.OPERATOR, api.configuration(port));
        cleanUps.add(client::close);
        return client;
    }

    /** Where the mock takes too long, since it writes to watches that were cut, a retry meets what the first attempt has made. */
    private void create(io.fabric8.kubernetes.api.model.HasMetadata object) {
        api.client().resource(object).createOr(NonDeletingOperation::update);
    }

    /** Workloads that were there, and available, before anybody judged them. */
    private void createExisting(Deployment... deployments) {
        for (Deployment deployment : deployments) {
            create(deployment);
            complete(deployment.getMetadata().getName());
        }
    }

    private void complete(String name) {
        api.client().resource(Workloads.complete(deployment(name))).updateStatus();
    }

    private void overdue(String name) {
        Deployment deployment = Workloads.complete(deployment(name));
        deployment.getStatus().setUpdatedReplicas(0);
        deployment
                .getStatus()
                .setConditions(List.of(new io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder()
                        .withType("Progressing")
                        .withStatus("False")
                        .withReason("ProgressDeadlineExceeded")
                        .build()));
        api.client().resource(deployment).updateStatus();
    }

    private void edit(String name, java.util.function.Consumer<Deployment> change) {
        api.client().apps().deployments().inNamespace(NAMESPACE).withName(name).edit(deployment -> {
            change.accept(deployment);
            return deployment;
        });
    }

    private Deployment deployment(String name) {
        return api.client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private String touch(String name) {
        Map<String, String> annotations = deployment(name).getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Annotations.INJECT, "");
    }

    private GracefulShutdownPolicyStatus status(String name) {
        GracefulShutdownPolicyStatus status = api.client()
                .resources(GracefulShutdownPolicy.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get()
                .getStatus();
        assertThat(status).as("status of " + name).isNotNull();
        return status;
    }

    private Retrofit retrofit(String name) {
        assertThat(status(name).retrofit()).as("retrofit of " + name).isNotNull();
        return status(name).retrofit();
    }

    private Condition condition(String name, String type) {
        return status(name).conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private List<Event> events(String reason) {
        return api.client().events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .toList();
    }
}
