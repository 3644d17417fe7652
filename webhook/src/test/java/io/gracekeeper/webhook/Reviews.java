package io.gracekeeper.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.OriginReader.Owners;
import io.gracekeeper.policy.PatchOperation;
import io.gracekeeper.policy.PatchOperation.Op;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyLister;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.WorkloadKinds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Recorded reviews, changed where a test wants to, and what came back for them. */
final class Reviews {
    static final ObjectMapper JSON = new ObjectMapper();

    /** drain 10 + shutdown 20 + margin 5, refused and injected; for every pod of the namespace shop. */
    static final PolicyLister STRICT = policy(InjectionMode.APPLY, ValidationAction.DENY);

    private Reviews() {}

    /** What asks most of the pods of some kinds: denies and injects. */
    static CompiledPolicy strict(List<String> kinds, WorkloadKinds known) {
        return CompiledPolicy.of(
                new PolicyReference("shop", "web"),
                new GracefulShutdownPolicySpec(
                        new Match(kinds, null, null, null),
                        new Requirements(10, 20, 5, null),
                        new Validation(List.of(ValidationAction.DENY)),
                        new Injection(InjectionMode.APPLY, null),
                        null),
                known);
    }

    static PolicyLister policy(InjectionMode mode, ValidationAction action) {
        CompiledPolicy policy = CompiledPolicy.of(
                new PolicyReference("shop", "web"),
                new GracefulShutdownPolicySpec(
                        null,
                        new Requirements(10, 20, 5, null),
                        new Validation(List.of(action)),
                        new Injection(mode, null),
                        null));
        return namespace -> namespace.equals("shop") ? new NamespacePolicies(List.of(policy)) : NamespacePolicies.NONE;
    }

    static WorkloadReviews workloads(PolicyLister policies) {
        return workloads(policies, Owners.UNKNOWN);
    }

    static WorkloadReviews workloads(PolicyLister policies, Owners owners) {
        return new WorkloadReviews(
                new PolicyEngine(policies, WorkloadKinds.BUILT_IN, InstantSource.system()), owners, Revisions.NONE);
    }

    /** A review of the resources, with a change. */
    static byte[] bytes(String name, Consumer<ObjectNode> change) {
        ObjectNode review = read(name);
        change.accept(review);
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(String name) {
        return bytes(name, review -> {});
    }

    /** The review of a request to create an object, or to change an old one into it. */
    static byte[] of(JsonNode object, @Nullable JsonNode oldObject) {
        return of(object, oldObject, "kubernetes-admin");
    }

    /** The same by that user. */
    static byte[] of(JsonNode object, @Nullable JsonNode oldObject, String user) {
        return bytes("deployment-create", review -> {
            ObjectNode request = at(review, "/request");
            request.withObject("/userInfo").put("username", user);
            String apiVersion = object.path("apiVersion").asText();
            for (String kind : List.of("kind", "requestKind")) {
                request.putObject(kind)
                        .put("group", apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "")
                        .put("version", apiVersion.substring(apiVersion.indexOf('/') + 1))
                        .put("kind", object.path("kind").asText());
            }
            request.put("name", object.at("/metadata/name").asText(""))
                    .put("namespace", object.at("/metadata/namespace").asText("default"))
                    .put("operation", oldObject == null ? "CREATE" : "UPDATE");
            request.set("object", object);
            request.set("oldObject", oldObject);
        });
    }

    static ObjectNode read(String name) {
        try (InputStream in =
                Objects.requireNonNull(Reviews.class.getResourceAsStream("/reviews/" + name + ".json"), name)) {
            return (ObjectNode) JSON.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static AdmissionRequest request(String name, Consumer<ObjectNode> change) {
        try {
            return new ReviewDecoder().decode(AdmissionPath.VALIDATE_POLICIES, bytes(name, change));
        } catch (BadReviewException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static ObjectNode at(JsonNode root, String pointer) {
        return (ObjectNode) root.requiredAt(pointer);
    }

    static ObjectNode podSpec(ObjectNode review) {
        return at(review, "/request/object/spec/template/spec");
    }

    /** The {@code response} of an answer, which must be an AdmissionReview. */
    static JsonNode response(byte[] body) {
        try {
            JsonNode review = JSON.readTree(body);
            if (!review.path("kind").asText().equals("AdmissionReview")
                    || !review.path("apiVersion").asText().equals("admission.k8s.io/v1")) {
                throw new AssertionError("not an AdmissionReview: " + review);
            }
            return review.required("response");
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + new String(body, StandardCharsets.UTF_8), e);
        }
    }

    /** The patch of an answer; empty where there is none. */
    static List<PatchOperation> patch(JsonNode response) {
        List<PatchOperation> patch = new ArrayList<>();
        if (response.has("patch")) {
            byte[] bytes = Base64.getDecoder().decode(response.path("patch").asText());
            for (JsonNode operation : parse(new String(bytes, StandardCharsets.UTF_8))) {
                @Nullable JsonNode value = operation.get("value");
                patch.add(new PatchOperation(
                        Op.valueOf(operation.required("op").asText().toUpperCase(Locale.ROOT)),
                        operation.required("path").asText(),
                        value));
            }
        }
        return patch;
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
