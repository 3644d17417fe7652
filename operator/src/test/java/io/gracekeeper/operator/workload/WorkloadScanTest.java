package io.gracekeeper.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.operator.MovableClock;
import io.gracekeeper.operator.Workloads;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The scan")
class WorkloadScanTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MovableClock clock = new MovableClock(NOW);
    private final Cluster cluster = new Cluster();
    private PolicySnapshot snapshot = PolicySnapshot.empty();
    private final WorkloadScan scan = new WorkloadScan(
            () -> snapshot,
            () -> true,
            WorkloadKinds.BUILT_IN,
            changed -> {
                cluster.changed = changed;
                return cluster;
            },
            clock);

    /** Deployments that count how often they are read. */
    private static final class Cluster implements ScannedWorkloads {
        private final Map<String, Counted> byName = new LinkedHashMap<>();
        private final Map<String, String> makers = new HashMap<>();
        private Consumer<String> changed = namespace -> {};
        private int judged;
        private boolean replicaSetsAreKnown = true;

        private final class Counted implements StoredWorkload {
            private final String namespace;
            private final String name;
            private final String version;
            private final JsonNode object;

            private Counted(String namespace, String name, String version, JsonNode object) {
                this.namespace = namespace;
                this.name = name;
                this.version = version;
                this.object = object;
            }

            @Override
            public String apiVersion() {
                return "apps/v1";
            }

            @Override
            public String namespace() {
                return namespace;
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public String uid() {
                return namespace + "-" + name;
            }

            @Override
            public String version() {
                return version;
            }

            @Override
            public JsonNode object() {
                judged++;
                return object;
            }
        }

        void put(String namespace, String name, int grace, int version) {
            ObjectNode object = JSON.valueToTree(Workloads.serving(name, 1));
            ((ObjectNode) object.path("metadata")).put("namespace", namespace);
            ((ObjectNode) object.at("/spec/template/spec")).put("terminationGracePeriodSeconds", grace);
            byName.put(namespace + "/" + name, new Counted(namespace, name, String.valueOf(version), object));
            changed.accept(namespace);
        }

        /** A pod of a Deployment's, with a name that a controller makes up. */
        void putPod(String deployment, int grace) {
            ObjectNode pod = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
            pod.putObject("metadata").put("namespace", "shop").put("name", deployment + "-5d4f8c7b9-x2x2x");
            ObjectNode spec = pod.putObject("spec").put("terminationGracePeriodSeconds", grace);
            spec.putArray("containers").addObject().put("name", "app");
            String name = pod.at("/metadata/name").asText();
            byName.put("shop/" + name, new Counted("shop", name, "1", pod));
            makers.put(name, deployment);
            changed.accept("shop");
        }

        @Override
        public void follow(PolicySnapshot snapshot) {}

        @Override
        public boolean areReady(Set<WorkloadKind> asked) {
            return true;
        }

        @Override
        public boolean isSettling() {
            return false;
        }

        @Override
        public List<StoredWorkload> in(WorkloadKind kind, String namespace) {
            return byName.values().stream()
                    .filter(each -> each.namespace().equals(namespace))
                    .filter(each -> each.object.path("kind").asText().equals(kind.kind()))
                    .<StoredWorkload>map(each -> each)
                    .toList();
        }

        @Override
        public Set<String> namespaces() {
            Set<String> namespaces = new TreeSet<>();
            byName.values().forEach(each -> namespaces.add(each.namespace()));
            return namespaces;
        }

        @Override
        public Origin origin(JsonNode object, String namespace) {
            String deployment = makers.get(object.at("/metadata/name").asText());
            if (deployment != null && !replicaSetsAreKnown) {
                return new Origin(List.of(new Maker(kind("ReplicaSet"), deployment + "-5d4f8c7b9")), false);
            }
            return deployment == null
                    ? Origin.NONE
                    : new Origin(
                            List.of(
                                    new Maker(kind("ReplicaSet"), deployment + "-5d4f8c7b9"),
                                    new Maker(kind("Deployment"), deployment)),
                            true);
        }

        @Override
        public void close() {}
    }

    @Test
    @DisplayName("judges by the policies of the cluster and of the namespace together")
    void both() {
        cluster.put("shop", "checkout", 30, 1);
        cluster.put("bank", "ledger", 5, 1);
        snapshot = snapshot(60, List.of());
        assertThat(scan.in("shop")).singleElement().satisfies(finding -> {
            assertThat(finding.classification()).isEqualTo(Classification.VIOLATING);
            assertThat(finding.policies())
                    .containsExactly(new PolicyReference("shop", "web"), PolicyReference.cluster("baseline"));
            assertThat(finding.qualifiedDisplay()).isEqualTo("Deployment/shop/checkout");
        });
        assertThat(scan.in("bank"))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.policies()).containsExactly(PolicyReference.cluster("baseline")));
        assertThat(scan.namespaces()).containsExactly("bank", "shop");
    }

    @Test
    @DisplayName("judges anew what an exception let off when the exception ends, and nothing before")
    void expiry() {
        cluster.put("shop", "checkout", 5, 1);
        snapshot = snapshot(60, List.of(Workloads.exception("vendor", "checkout", NOW.plusSeconds(60))));
        Finding excused = scan.in("shop").get(0);
        assertThat(excused.forgiven()).isNotEmpty();
        assertThat(excused.exceptions()).hasSize(1);
        int judged = cluster.judged;
        clock.pass(Duration.ofSeconds(59));
        scan.in("shop");
        assertThat(cluster.judged).isEqualTo(judged);
        clock.pass(Duration.ofSeconds(2));
        Finding after = scan.in("shop").get(0);
        assertThat(after.forgiven()).isEmpty();
        assertThat(after.exceptions()).isEmpty();
        assertThat(after.violations()).hasSizeGreaterThan(excused.violations().size());
    }

    @Test
    @DisplayName("knows how much each exception forgives by itself")
    void forgivenBy() {
        cluster.put("shop", "checkout", 5, 1);
        snapshot = snapshot(60, List.of(Workloads.exception("vendor", "checkout", NOW.plusSeconds(60))));
        CompiledException needed = snapshot.policiesIn("shop").exceptions().get(0);
        assertThat(scan.forgivenBy(needed)).isEqualTo(1);
        cluster.put("shop", "checkout", 90, 2);
        assertThat(scan.forgivenBy(needed)).isZero();
    }

    /** A policy that asks for a shutdown of 20 s. */
    private static PolicySnapshot about(List<String> kinds, List<ShutdownException> exceptions) {
        return PolicySnapshot.of(
                new PolicyInputs(
                        List.of(Workloads.policy(
                                "pods",
                                new GracefulShutdownPolicySpec(
                                        new Match(kinds, null, null, null),
                                        new Requirements(null, 20, 5, null),
                                        null,
                                        null,
                                        null))),
                        List.of(),
                        exceptions,
                        Map.of()),
                EngineSettings.DEFAULT);
    }

    @Test
    @DisplayName("judges a pod again that it saw before its ReplicaSet was known")
    void makerComesLater() {
        cluster.replicaSetsAreKnown = false;
        cluster.putPod("checkout", 5);
        snapshot = about(List.of("ReplicaSet", "Pod"), List.of());
        assertThat(scan.in("shop")).isEmpty();
        cluster.replicaSetsAreKnown = true;
        cluster.changed.accept("shop");
        assertThat(scan.in("shop")).hasSize(1);
        int judged = cluster.judged;
        cluster.changed.accept("shop");
        scan.in("shop");
        assertThat(cluster.judged).isEqualTo(judged);
    }

    @Test
    @DisplayName(
            "counts and lists among the excepted the pods whose workload an exception names, whatever they are called")
    void podsOfExcepted() {
        cluster.putPod("billing", 5);
        cluster.putPod("checkout", 5);
        snapshot = about(List.of("Pod"), List.of(Workloads.exception("vendor", "billing", NOW.plusSeconds(60))));
        assertThat(scan.in("shop"))
                .extracting(
                        Finding::display,
                        Finding::classification,
                        finding -> finding.exceptions().size())
                .containsExactly(
                        Tuple.tuple("Pod/billing-5d4f8c7b9-x2x2x", Classification.COMPLIANT, 1),
                        Tuple.tuple("Pod/checkout-5d4f8c7b9-x2x2x", Classification.VIOLATING, 0));
        assertThat(scan.forgivenBy(snapshot.policiesIn("shop").exceptions().get(0)))
                .isEqualTo(1);
        clock.pass(Duration.ofSeconds(61));
        assertThat(scan.in("shop")).extracting(Finding::classification).containsOnly(Classification.VIOLATING);
    }

    private static WorkloadKind kind(String name) {
        return Objects.requireNonNull(WorkloadKinds.BUILT_IN.named(name));
    }

    @Property(tries = 200)
    @Label("a workload is judged once per change of itself or of what holds in its namespace, whatever else happens")
    void judgedOnce(@ForAll @Size(max = 30) List<Step> steps) {
        var it = new WorkloadScanTest();
        List<String> names = List.of("a", "b", "c");
        names.forEach(name -> it.cluster.put("shop", name, 30, 0));
        it.snapshot = snapshot(60, List.of());
        it.scan.in("shop");
        int expected = names.size();
        assertThat(it.cluster.judged).isEqualTo(expected);
        int version = 0;
        int max = 60;
        for (Step step : steps) {
            switch (step) {
                case WORKLOAD -> {
                    it.cluster.put("shop", "b", 30, ++version);
                    expected++;
                }
                case NOISE -> it.cluster.changed.accept("shop");
                case ELSEWHERE -> it.cluster.put("attic", "z", 30, ++version);
                case SAME_POLICIES -> it.snapshot = snapshot(max, List.of());
                case OTHER_POLICIES -> {
                    it.snapshot = snapshot(++max, List.of());
                    expected += names.size();
                }
                case TIME -> it.clock.pass(Duration.ofHours(1));
            }
            it.scan.in("shop");
            it.scan.in("shop");
            assertThat(it.cluster.judged).as("after " + step).isEqualTo(expected);
        }
    }

    /** What may happen. */
    enum Step {
        WORKLOAD,
        NOISE,
        ELSEWHERE,
        SAME_POLICIES,
        OTHER_POLICIES,
        TIME
    }

    private static PolicySnapshot snapshot(int max, List<ShutdownException> exceptions) {
        var baseline = new ClusterGracefulShutdownPolicy();
        baseline.setMetadata(new ObjectMetaBuilder().withName("baseline").build());
        baseline.setSpec(ClusterGracefulShutdownPolicySpec.of(
                new LabelSelector(),
                new GracefulShutdownPolicySpec(null, new Requirements(10, 20, 5, 120), null, null, null)));
        var web = Workloads.policy(
                "web", new GracefulShutdownPolicySpec(null, new Requirements(null, null, null, max), null, null, null));
        return PolicySnapshot.of(
                new PolicyInputs(List.of(web), List.of(baseline), new ArrayList<>(exceptions), Map.of()),
                EngineSettings.DEFAULT);
    }
}
