package io.gracekeeper.e2e.apiserver;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.policy.cases.Case;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * The namespace {@code shop} of a case, by another name, with its policies in force. Each kind of policy comes to the webhook by a
 * watch of its own and in order: a sentinel that came last is asked for until it has arrived.
 */
final class CorpusNamespace implements AutoCloseable {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private final Kubectl kubectl;
    private final Map<String, String> uids = new HashMap<>();

    private CorpusNamespace(Kubectl kubectl) {
        this.kubectl = kubectl;
    }

    static CorpusNamespace of(ApiServer server, Case one) {
        var namespace = new CorpusNamespace(server.webhook().namespace());
        if (one.oldObject() != null) {
            namespace.kubectl.apply(here(one.oldObject()).toString());
        }
        one.makers().forEach(namespace::store);
        one.policyDocuments().forEach(namespace::introduce);
        namespace.sentinels(one);
        return namespace;
    }

    /** What kubectl says of this case's object, here, to its author or to the controller that makes it. Nothing is kept of it. */
    Command.Result apply(Case one) {
        String object = owned(one.object()).toString();
        if (!one.makers().isEmpty()) {
            return kubectl.with(object, "create", "--dry-run=server", "--as", one.user());
        }
        String verb = one.object().at("/metadata/generateName").isMissingNode() ? "apply" : "create";
        return kubectl.with(object, verb, "--dry-run=server");
    }

    /** Keeps a workload, by the uid that it gets: the garbage collector takes what belongs to nothing. */
    private void store(JsonNode maker) {
        kubectl.apply(owned(maker).toString());
        JsonNode stored = kubectl.get(
                maker.path("kind").asText(), maker.at("/metadata/name").asText());
        uids.put(maker.at("/metadata/uid").asText(), stored.at("/metadata/uid").asText());
    }

    /** The same object here, of the same owners here. */
    private ObjectNode owned(JsonNode object) {
        ObjectNode copy = here(object);
        copy.withObject("/metadata").remove("uid");
        copy.at("/metadata/ownerReferences")
                .forEach(owner -> ((ObjectNode) owner)
                        .put(
                                "uid",
                                uids.getOrDefault(
                                        owner.path("uid").asText(),
                                        owner.path("uid").asText())));
        return copy;
    }

    @Override
    public void close() {
        kubectl.ok("delete", "cgsp", "--all");
    }

    private void introduce(JsonNode document) {
        if (document.path("kind").asText().equals("Namespace")) {
            document.at("/metadata/labels")
                    .properties()
                    .forEach(label -> kubectl.ok(
                            "label",
                            "namespace",
                            kubectl.namespace(),
                            label.getKey() + "=" + label.getValue().asText()));
            return;
        }
        ObjectNode policy = here(document);
        if (policy.path("kind").asText().equals("ClusterGracefulShutdownPolicy")) {
            policy.withObject("/spec/namespaceSelector/matchLabels").put(NAME_LABEL, kubectl.namespace());
        }
        kubectl.apply(policy.toString());
    }

    /** They are about a kind that no other policy speaks of, but in the one case that is about it. */
    private void sentinels(Case one) {
        String spec = "requirements: {shutdownSeconds: 50}, validation: {actions: [Deny]}";
        kubectl.apply("""
                {apiVersion: gracekeeper.io/v1alpha1, kind: GracefulShutdownPolicy, metadata: {name: sentinel},
                 spec: {match: {kinds: [ReplicationController], selector: {matchLabels: {app: sentinel}}}, %s}}
                """.formatted(spec));
        await("policies of the namespace").until(() -> probe("sentinel").err().contains("(gsp/sentinel)"));
        if (!one.policies().exceptions().isEmpty()) {
            kubectl.apply("""
                    {apiVersion: gracekeeper.io/v1alpha1, kind: ShutdownException, metadata: {name: sentinel},
                     spec: {target: {kind: ReplicationController, names: [sentinel]}, rules: [BudgetFits], reason: none,
                            expiresAt: "%s"}}
                    """.formatted(Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS)));
            await("exceptions").until(() -> probe("sentinel").succeeded());
        }
        if (!one.policies().clusterPolicies().isEmpty()) {
            kubectl.apply("""
                    {apiVersion: gracekeeper.io/v1alpha1, kind: ClusterGracefulShutdownPolicy, metadata: {name: sentinel},
                     spec: {namespaceSelector: {matchLabels: {%s: %s}},
                            match: {kinds: [ReplicationController], selector: {matchLabels: {app: guard}}}, %s}}
                    """.formatted(NAME_LABEL, kubectl.namespace(), spec));
            await("policies of the cluster").until(() -> probe("guard").err().contains("(cgsp/sentinel)"));
        }
    }

    private Command.Result probe(String name) {
        return kubectl.with("""
                {apiVersion: v1, kind: ReplicationController, metadata: {name: %1$s},
                 spec: {selector: {app: %1$s},
                        template: {metadata: {labels: {app: %1$s}}, spec: {containers: [{name: app, image: registry.example/app}]}}}}
                """.formatted(name), "create", "--dry-run=server");
    }

    /** The same object without its namespace: kubectl knows this one. */
    private static ObjectNode here(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        copy.withObject("/metadata").remove("namespace");
        return copy;
    }
}
