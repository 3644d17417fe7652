package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.Labels;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.Decision.Passage;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.OriginReader.Owner;
import io.gracekeeper.policy.OriginReader.Owners;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.TemplateHash;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A review of each kind of workload")
class KindReviewsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final WorkloadKind THING =
            new WorkloadKind("x.io", "Thing", List.of("spec", "pod", "shape"), true, Set.of("thing-controller"));
    private static final WorkloadKinds KINDS = WorkloadKinds.BUILT_IN.with(List.of(THING));
    private static final Owners OWNERS = (namespace, kind, name) -> switch (name) {
        case "of-deployment" -> new Owner.Made(new Maker(kind("Deployment"), "x"));
        case "of-cronjob" -> new Owner.Made(new Maker(kind("CronJob"), "x"));
        case "bare" -> new Owner.Nobody();
        default -> new Owner.Unknown();
    };

    static Stream<WorkloadKind> kinds() {
        return KINDS.all().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("refuses what can't drain, by the whole path of the field")
    void refuses(WorkloadKind kind) {
        assertThat(validate(kind, KindReviews.of("deployment-create", kind)))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                    assertThat(refused.message()).startsWith(kind.kind() + " shop/checkout: ");
                    assertThat(refused.causes().getFirst().field())
                            .isEqualTo((kind.isPod() ? "" : String.join(".", kind.templatePath()) + ".")
                                    + "spec.terminationGracePeriodSeconds");
                });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("edits what may be edited, and what it made of it passes, and is not edited again")
    void edits(WorkloadKind kind) {
        ObjectNode review = KindReviews.of("deployment-create", kind);
        Answer answer = mutate(kind, review);
        if (!kind.injectable()) {
            assertThat(answer).isInstanceOf(Answer.Allowed.class);
            return;
        }
        assertThat(answer).isInstanceOf(Answer.Patched.class);
        JsonNode patched = JsonPatches.apply(review.at("/request/object"), ((Answer.Patched) answer).patch());
        Reviews.at(review, "/request").set("object", patched);
        assertThat(validate(kind, review)).isInstanceOf(Answer.Allowed.class);
        assertThat(mutate(kind, review)).isInstanceOf(Answer.Allowed.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("leaves an update with the same template alone, whatever else it changes")
    void leavesSameTemplate(WorkloadKind kind) {
        ObjectNode review = KindReviews.of("deployment-update", kind);
        JsonNode old = review.at("/request/oldObject").deepCopy();
        ObjectNode object = old.deepCopy();
        object.withObject("/metadata/labels").put("owner", "me");
        Reviews.at(review, "/request").set("object", object);
        assertThat(mutate(kind, review)).isInstanceOf(Answer.Unjudged.class);
        assertThat(validate(kind, review)).isEqualTo(new Answer.Allowed(List.of()));
    }

    @ParameterizedTest(name = "{0} by {1} of {2} {3}, policy for {4}: refused {5}")
    @CsvSource({
        "Pod, system:serviceaccount:kube-system:replicaset-controller, ReplicaSet, of-deployment, Deployment+Pod, false",
        "Pod, system:serviceaccount:kube-system:replicaset-controller, ReplicaSet, of-deployment, Pod, true",
        "Pod, system:serviceaccount:kube-system:replicaset-controller, ReplicaSet, bare, Deployment+Pod, false",
        "Pod, system:serviceaccount:kube-system:replicaset-controller, ReplicaSet, bare, StatefulSet+Pod, true",
        "Pod, system:serviceaccount:kube-system:replicaset-controller, ReplicaSet, bare, ReplicaSet+Pod, false",
        "Pod, system:serviceaccount:kube-system:replicaset-controller, ReplicaSet, too-new, Pod, true",
        "Pod, system:serviceaccount:kube-system:replicaset-controller, ReplicaSet, too-new, Deployment+Pod, false",
        "Pod, system:serviceaccount:kube-system:job-controller, Job, of-cronjob, CronJob+Pod, false",
        "Pod, system:serviceaccount:kube-system:job-controller, Job, bare, CronJob+Pod, false",
        "Pod, system:serviceaccount:kube-system:job-controller, Job, bare, Deployment+Pod, true",
        "Pod, system:kube-controller-manager, ReplicaSet, of-deployment, Deployment+Pod, false",
        "Pod, thing-controller, Thing, x, Thing+Pod, false",
        "Pod, alice, ReplicaSet, of-deployment, Deployment+Pod, true",
        "Pod, system:serviceaccount:kube-system:job-controller, ReplicaSet, of-deployment, Deployment+Pod, true",
        "ReplicaSet, system:serviceaccount:kube-system:deployment-controller, Deployment, x, ReplicaSet, false",
        "ReplicaSet, alice, Deployment, x, ReplicaSet, true",
        "ReplicaSet, alice, Deployment, x, Deployment+Pod, true",
        "ReplicaSet, system:serviceaccount:kube-system:deployment-controller, Deployment, x, Deployment+Pod, false",
        "Job, alice, CronJob, x, CronJob+Pod, true",
        "Job, system:serviceaccount:kube-system:cronjob-controller, CronJob, x, CronJob+Job, false",
        "Job, system:serviceaccount:kube-system:cronjob-controller, CronJob, x, Job, true",
    })
    @DisplayName("passes what a judged workload made, told by the user who asks and not by ownerReferences")
    void children(String kind, String user, String ownerKind, String owner, String policyKinds, boolean refused) {
        ObjectNode review = owned(kind(kind), user, kind(ownerKind), owner);
        assertThat(reviews(List.of(policyKinds.split("\\+"))).validate(decoded(review)) instanceof Answer.Refused)
                .isEqualTo(refused);
    }

    @Test
    @DisplayName("never edits a ReplicaSet that says that a Deployment owns it, whoever asks")
    void followersStay() {
        WorkloadKind replicaSet = kind("ReplicaSet");
        ObjectNode review = owned(replicaSet, "alice", kind("Deployment"), "checkout");
        assertThat(mutate(replicaSet, review)).isEqualTo(new Answer.Allowed(List.of()));
    }

    @ParameterizedTest(name = "for {0} {1}, by {2}: refused {3}")
    @CsvSource({
        "Deployment, x, system:serviceaccount:kube-system:replicaset-controller, false",
        "ReplicaSet, of-deployment, system:serviceaccount:kube-system:replicaset-controller, false",
        "Deployment, y, system:serviceaccount:kube-system:replicaset-controller, true",
        "Deployment, x, alice, true",
    })
    @DisplayName("lets a pod off by an exception for the workload above, where that one's controller asks")
    void exceptionAbove(String targetKind, String target, String user, boolean refused) {
        ObjectNode review = owned(kind("Pod"), user, kind("ReplicaSet"), "of-deployment");
        var exception = new CompiledException(
                "shop",
                "vendor",
                kind(targetKind),
                Set.of(target),
                Set.of(),
                EnumSet.allOf(Rule.class),
                false,
                "OPS-9",
                NOW.plusSeconds(60));
        var policies =
                new NamespacePolicies(List.of(Reviews.strict(List.of("Pod"), KINDS)), List.of(exception), Map.of());
        var engine = new PolicyEngine(namespace -> policies, KINDS, InstantSource.fixed(NOW));
        assertThat(
                        new WorkloadReviews(engine, OWNERS, Revisions.NONE).validate(decoded(review))
                                instanceof Answer.Refused)
                .isEqualTo(refused);
    }

    @Test
    @DisplayName("edits a single pod only where its namespace asks for it")
    void podsByLabel() {
        WorkloadKind pod = kind("Pod");
        ObjectNode review = KindReviews.of("deployment-create", pod);
        assertThat(reviews(List.of("Pod"), Map.of()).mutate(decoded(review))).isEqualTo(new Answer.Allowed(List.of()));
        assertThat(mutate(pod, review)).isInstanceOf(Answer.Patched.class);
    }

    @Test
    @DisplayName("lets a rollback to a template of its own revisions pass, and says so")
    void rollback() {
        WorkloadKind deployment = kind("Deployment");
        ObjectNode review = KindReviews.of("deployment-update", deployment);
        KindReviews.template(review, deployment).withObject("/spec").put("terminationGracePeriodSeconds", 1);
        assertThat(validate(deployment, review)).isInstanceOf(Answer.Refused.class);

        long hash = TemplateHash.of(KindReviews.template(review, deployment));
        Revisions own = (object, wanted) -> wanted == hash;
        assertThat(reviews(List.of("Deployment"), Map.of(), own).validate(decoded(review)))
                .isInstanceOfSatisfying(Answer.Allowed.class, allowed -> {
                    assertThat(allowed.passage()).isEqualTo(Passage.ROLLBACK);
                    assertThat(allowed.warnings().getFirst()).contains("rollback to a revision of its own");
                });
    }

    /** What is written by a person becomes a Deployment's revision by an ownerReference, or by labels that its controller adopts it for. */
    @ParameterizedTest(name = "policy for {0}")
    @CsvSource({
        "Deployment+ReplicaSet, true",
        "Deployment+ReplicaSet+Pod, true",
        "Deployment+Pod, true",
        "Deployment, false"
    })
    @DisplayName(
            "refuses a ReplicaSet that would be a forged revision where ReplicaSets are judged, however it is made one")
    void forgedRevision(String policyKinds, boolean refused) {
        WorkloadKind replicaSet = kind("ReplicaSet");
        List<String> kinds = List.of(policyKinds.split("\\+"));
        ObjectNode claimed = owned(replicaSet, "alice", kind("Deployment"), "checkout");
        claimed.withObject("/request/object/metadata/annotations").put("deployment.kubernetes.io/revision", "1");
        KindReviews.template(claimed, replicaSet).withObject("/metadata/labels").put("pod-template-hash", "5d4f8c7b9");
        ObjectNode adoptable = KindReviews.of("deployment-create", replicaSet);
        ObjectNode edited = KindReviews.of("deployment-update", replicaSet);
        KindReviews.template(edited, replicaSet).withObject("/spec").put("terminationGracePeriodSeconds", 1);

        for (ObjectNode review : List.of(claimed, adoptable, edited)) {
            assertThat(reviews(kinds).validate(decoded(review)) instanceof Answer.Refused)
                    .isEqualTo(refused);
        }
    }

    @Test
    @DisplayName("lets no user's ReplicaSet pass for its controller's by what it says of itself")
    void forgedController() {
        ObjectNode review = owned(kind("ReplicaSet"), "alice", kind("Deployment"), "checkout");
        review.withObject("/request/object/metadata")
                .putArray("managedFields")
                .addObject()
                .put("manager", "kube-controller-manager")
                .put("operation", "Update");
        assertThat(reviews(List.of("ReplicaSet")).validate(decoded(review))).isInstanceOf(Answer.Refused.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("lets an emergency pass that gives its end and its reason")
    void breakGlass(WorkloadKind kind) {
        ObjectNode review = KindReviews.of("deployment-create", kind);
        review.withObject("/request/object/metadata/annotations")
                .put(Annotations.BREAK_GLASS, "2026-11-24T14:00Z INC-42 checkout is down");
        assertThat(validate(kind, review))
                .isInstanceOfSatisfying(
                        Answer.Allowed.class,
                        allowed -> assertThat(allowed.passage()).isEqualTo(Passage.BREAK_GLASS));
        review.withObject("/request/object/metadata/annotations").put(Annotations.BREAK_GLASS, "tomorrow");
        assertThat(validate(kind, review)).isInstanceOf(Answer.Refused.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("takes the request's namespace where the object names none")
    void absentNamespace(WorkloadKind kind) {
        ObjectNode review = KindReviews.of("deployment-create", kind);
        review.withObject("/request/object/metadata").remove("namespace");
        assertThat(validate(kind, review))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.message()).contains(" shop/checkout: "));
        review.withObject("/request").put("namespace", "elsewhere");
        assertThat(validate(kind, review)).isEqualTo(new Answer.Allowed(List.of()));
    }

    @Test
    @DisplayName("asks a pod of Windows for no StopSignal, and otherwise for the same")
    void windows() {
        WorkloadKind pod = kind("Pod");
        ObjectNode review = KindReviews.of("deployment-create", pod);
        KindReviews.template(review, pod).withObject("/spec/os").put("name", "windows");
        assertThat(validate(pod, review))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.message()).doesNotContain("stopSignal"));
    }

    private static ObjectNode owned(WorkloadKind kind, String user, WorkloadKind ownerKind, String owner) {
        ObjectNode review = KindReviews.of("deployment-create", kind);
        review.withObject("/request/userInfo").put("username", user);
        review.withObject("/request/object/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", ownerKind.group().isEmpty() ? "v1" : ownerKind.group() + "/v1")
                .put("kind", ownerKind.kind())
                .put("name", owner)
                .put("uid", "u")
                .put("controller", true);
        return review;
    }

    private static WorkloadKind kind(String name) {
        return Objects.requireNonNull(KINDS.named(name), name);
    }

    private static Answer mutate(WorkloadKind kind, ObjectNode review) {
        return reviews(List.of(kind.kind())).mutate(decoded(review));
    }

    private static Answer validate(WorkloadKind kind, ObjectNode review) {
        return reviews(List.of(kind.kind())).validate(decoded(review));
    }

    private static AdmissionRequest decoded(ObjectNode review) {
        try {
            return new ReviewDecoder()
                    .decode(AdmissionPath.VALIDATE_WORKLOADS, review.toString().getBytes(StandardCharsets.UTF_8));
        } catch (BadReviewException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static WorkloadReviews reviews(List<String> kinds) {
        return reviews(kinds, Map.of(Labels.POD_INJECTION, Labels.ENABLED));
    }

    private static WorkloadReviews reviews(List<String> kinds, Map<String, String> namespaceLabels) {
        return reviews(kinds, namespaceLabels, Revisions.NONE);
    }

    private static WorkloadReviews reviews(
            List<String> kinds, Map<String, String> namespaceLabels, Revisions revisions) {
        CompiledPolicy policy = Reviews.strict(kinds, KINDS);
        var engine = new PolicyEngine(
                namespace -> namespace.equals("shop")
                        ? new NamespacePolicies(List.of(policy), List.of(), namespaceLabels)
                        : NamespacePolicies.NONE,
                KINDS,
                InstantSource.fixed(NOW));
        return new WorkloadReviews(engine, OWNERS, revisions);
    }
}
