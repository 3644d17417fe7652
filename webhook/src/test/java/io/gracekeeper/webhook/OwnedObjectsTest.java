package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.OriginReader.Owner;
import io.gracekeeper.policy.TemplateHash;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.KubernetesClients;
import io.gracekeeper.runtime.MockApiServer;
import io.gracekeeper.runtime.ProcessKind;
import io.gracekeeper.runtime.ReducedInformer;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("What is known of owned objects")
@Timeout(120)
class OwnedObjectsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final WorkloadKinds KINDS = WorkloadKinds.BUILT_IN;
    private static final String UID = "6f0e1c7e-0000-4000-8000-000000000001";
    private static final String OWNED = """
            {"apiVersion": "apps/v1", "kind": "ReplicaSet",
             "metadata": {"namespace": "shop", "name": "checkout-1", "ownerReferences": [
               {"apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout", "uid": "%s", "controller": true}]},
             "spec": {"replicas": 2, "template": {
               "metadata": {"labels": {"app": "checkout", "pod-template-hash": "abc"}, "creationTimestamp": null},
               "spec": {"containers": [{"name": "app", "image": "app:1", "unheardOf": {"a": [1, 2.5, true]}}]}}}}
            """.formatted(UID);

    private MockApiServer api;
    private KubernetesClient client;
    private OwnedObjects objects;

    @BeforeEach
    void start() {
        api = MockApiServer.start(0);
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + api.port())
                .build();
        client = KubernetesClients.create(ProcessKind.WEBHOOK, config);
        objects = new OwnedObjects(client, KINDS);
    }

    @AfterEach
    void stop() {
        objects.close();
        client.close();
        api.close();
    }

    @Test
    @DisplayName("says who controls a ReplicaSet and a Job, that nobody does, or that it isn't known")
    void owners() {
        create(OWNED);
        create(OWNED.replace("checkout-1", "bare").replace("\"controller\": true", "\"controller\": false"));
        create(OWNED.replace("checkout-1", "foreign").replace("\"Deployment\"", "\"Something\""));
        create("""
                {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"namespace": "shop", "name": "report-1",
                 "ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "report", "uid": "u",
                 "controller": true}]}}
                """);
        assertThat(owner("ReplicaSet", "checkout-1")).isInstanceOf(Owner.Unknown.class);

        objects.start();
        await().until(objects::hasSynced);
        assertThat(owner("ReplicaSet", "checkout-1"))
                .isEqualTo(new Owner.Made(new Maker(kind("apps/v1", "Deployment"), "checkout")));
        assertThat(owner("Job", "report-1"))
                .isEqualTo(new Owner.Made(new Maker(kind("batch/v1", "CronJob"), "report")));
        assertThat(owner("ReplicaSet", "bare")).isInstanceOf(Owner.Nobody.class);
        assertThat(owner("ReplicaSet", "foreign")).isInstanceOf(Owner.Nobody.class);
        assertThat(owner("ReplicaSet", "new")).isInstanceOf(Owner.Unknown.class);
        assertThat(owner("StatefulSet", "checkout-1")).isInstanceOf(Owner.Unknown.class);

        create(OWNED.replace("checkout-1", "new"));
        await().until(() -> owner("ReplicaSet", "new") instanceof Owner.Made);
        delete("ReplicaSet", "new");
        await().until(() -> owner("ReplicaSet", "new") instanceof Owner.Unknown);
    }

    @Test
    @DisplayName("keeps the name of a workload once for all that it controls, as long as it controls any")
    void sharedNames() {
        create(OWNED);
        objects.start();
        await().until(objects::hasSynced);
        create(OWNED.replace("checkout-1", "checkout-2"));
        await().until(() -> owner("ReplicaSet", "checkout-2") instanceof Owner.Made);
        assertThat(maker("checkout-2")).isSameAs(maker("checkout-1"));

        delete("ReplicaSet", "checkout-1");
        await().until(() -> owner("ReplicaSet", "checkout-1") instanceof Owner.Unknown);
        create(OWNED.replace("checkout-1", "checkout-3"));
        await().until(() -> owner("ReplicaSet", "checkout-3") instanceof Owner.Made);
        assertThat(maker("checkout-3")).isSameAs(maker("checkout-2"));
    }

    @Test
    @DisplayName("counts children without a template, and forgets their controller with the last of them")
    void childrenWithoutTemplate() {
        var own = OwnedObjects.Controlled.by(new OwnedObjects.Controller(new UUID(0, 1), null))
                .with(0)
                .with(7)
                .with(0);
        assertThat(own.holds(7)).isTrue();

        var jobs = Objects.requireNonNull(own.without(7));
        assertThat(jobs.holds(7)).isFalse();
        var last = Objects.requireNonNull(jobs.without(0));
        assertThat(last.without(0)).isNull();
    }

    private Maker maker(String replicaSet) {
        return ((Owner.Made) owner("ReplicaSet", replicaSet)).by();
    }

    @Test
    @DisplayName("knows a workload's template again that one of its own ReplicaSets holds, as long as one does")
    void revisions() {
        create(OWNED);
        create(OWNED.replace("checkout-1", "checkout-2").replace("app:1", "app:2"));
        create(OWNED.replace("checkout-1", "checkout-3")); // The same template once more.
        objects.start();
        await().until(objects::hasSynced);

        assertThat(holds(UID, "app:1")).isTrue();
        assertThat(holds(UID, "app:2")).isTrue();
        assertThat(holds(UID, "app:3")).isFalse();
        assertThat(holds("6f0e1c7e-0000-4000-8000-000000000002", "app:1"))
                .as("another workload's revision")
                .isFalse();

        delete("ReplicaSet", "checkout-2");
        await().until(() -> !holds(UID, "app:2"));
        delete("ReplicaSet", "checkout-3");
        create(OWNED.replace("checkout-1", "checkout-4").replace("app:1", "app:4"));
        await().until(() -> holds(UID, "app:4") && owner("ReplicaSet", "checkout-3") instanceof Owner.Unknown);
        assertThat(holds(UID, "app:1")).isTrue();
    }

    @Test
    @DisplayName("knows the templates that the ControllerRevisions of StatefulSets and DaemonSets hold")
    void controllerRevisions() {
        JsonNode template = tree(OWNED).at("/spec/template");
        ObjectNode data = JSON.createObjectNode();
        ((ObjectNode) data.putObject("spec").putObject("template").setAll((ObjectNode) template))
                .put("$patch", "replace");
        ObjectNode revision = (ObjectNode) tree("""
                {"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 1,
                 "metadata": {"namespace": "shop", "name": "db-1", "ownerReferences": [
                 {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "no-uuid", "controller": true}]}}
                """);
        create(revision.set("data", data).toString());
        objects.start();
        await().until(objects::hasSynced);

        assertThat(holds("no-uuid", "app:1")).isTrue();
        assertThat(holds("no-uuid", "app:2")).isFalse();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private Owner owner(String kind, String name) {
        return objects.ownerOf("shop", kind(kind.equals("Job") ? "batch/v1" : "apps/v1", kind), name);
    }

    /** Whether a Deployment of that uid may go back to that image: its template as the API server keeps it, without the hash label. */
    private boolean holds(String uid, String image) {
        ObjectNode workload = (ObjectNode) tree(OWNED.replace("app:1", image));
        ((ObjectNode) workload.at("/metadata")).put("uid", uid);
        ((ObjectNode) workload.at("/spec/template/metadata/labels")).remove("pod-template-hash");
        return objects.hold(workload, TemplateHash.of(workload.at("/spec/template")));
    }

    private static WorkloadKind kind(String apiVersion, String kind) {
        return Objects.requireNonNull(KINDS.of(apiVersion, kind));
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ResourceDefinitionContext resource(String apiVersion, String kind) {
        String[] groupAndVersion = apiVersion.split("/");
        return ReducedInformer.kind(
                groupAndVersion[0], groupAndVersion[1], kind, kind.toLowerCase(Locale.ROOT) + "s", true);
    }

    private void create(String json) {
        var object = client.getKubernetesSerialization().unmarshal(json, GenericKubernetesResource.class);
        client.genericKubernetesResources(resource(object.getApiVersion(), object.getKind()))
                .inNamespace("shop")
                .resource(object)
                .create();
    }

    private void delete(String kind, String name) {
        client.genericKubernetesResources(resource("apps/v1", kind))
                .inNamespace("shop")
                .withName(name)
                .delete();
    }
}
