package io.gracekeeper.cli.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.gracekeeper.cli.manifest.LimitedSink;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.crds.ApiGroup;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.ExceptionValidator;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.PolicyValidator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects from manifests what verdicts depend on: policies, exceptions, and namespaces with their labels. One that isn't valid is
 * a problem with its place, and stops none of the others.
 */
public final class PolicyReader implements ManifestReader.Sink {
    private final EngineSettings settings;
    private final Consumer<Unreadable> problems;
    private final List<GracefulShutdownPolicy> policies = new ArrayList<>();
    private final List<ClusterGracefulShutdownPolicy> clusterPolicies = new ArrayList<>();
    private final List<ShutdownException> exceptions = new ArrayList<>();
    private final Map<String, Map<String, String>> namespaces = new HashMap<>();
    private int told;

    /**
     * A reader of policies.
     *
     * @param problems told what can't be used
     */
    public PolicyReader(EngineSettings settings, Consumer<Unreadable> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /**
     * What was read up to now.
     *
     * @param namespace of objects that name none; null to take the one that all policies name, or else {@code default}
     */
    public PolicySet policies(@Nullable String namespace) {
        String otherwise = namespace == null ? defaultNamespace() : namespace;
        policies.forEach(policy -> place(policy.getMetadata(), otherwise));
        exceptions.forEach(exception -> place(exception.getMetadata(), otherwise));
        return new PolicySet(policies, clusterPolicies, exceptions, namespaces, otherwise);
    }

    private String defaultNamespace() {
        List<String> named = policies.stream()
                .map(policy -> policy.getMetadata().getNamespace())
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        return named.size() == 1 ? named.getFirst() : "default";
    }

    private static void place(ObjectMeta metadata, String namespace) {
        if (metadata.getNamespace().isEmpty()) {
            metadata.setNamespace(namespace);
        }
    }

    /** Whether an object is one of ours. */
    public static boolean isOurs(ManifestObject object) {
        return object.apiVersion().startsWith(ApiGroup.NAME + "/");
    }

    /** The same reader for another input: what is wrong with one leaves no less room for the next. */
    public ManifestReader.Sink nextInput() {
        told = 0;
        return this;
    }

    /** Whether no policy was read up to now. */
    public boolean isEmpty() {
        return policies.isEmpty() && clusterPolicies.isEmpty();
    }

    @Override
    public void unreadable(Unreadable problem) {
        told++;
        if (told <= LimitedSink.TOLD) {
            problems.accept(problem);
        } else if (told == LimitedSink.TOLD + 1) {
            problems.accept(LimitedSink.leftOut(problem));
        }
    }

    @Override
    public boolean wantsMore() {
        return told <= LimitedSink.TOLD;
    }

    @Override
    public void object(ManifestObject object) {
        if (object.kind().equals("Namespace") && object.apiVersion().equals("v1")) {
            namespace(object);
        } else if (object.apiVersion().equals(ApiGroup.NAME + "/" + ApiGroup.VERSION)) {
            ours(object);
        } else if (isOurs(object)) {
            report(object, new FieldError("apiVersion", "use " + ApiGroup.NAME + "/" + ApiGroup.VERSION));
        }
    }

    /** Takes an object of ours unless one of the same kind and name was read before, as a file's takes a stored one's place. */
    public void objectUnlessNamed(ManifestObject object) {
        boolean known = Stream.of(policies, clusterPolicies, exceptions)
                .flatMap(List::stream)
                .anyMatch(other -> other.getKind().equals(object.kind())
                        && other.getMetadata().getName().equals(object.name())
                        && (other.getMetadata().getNamespace().isEmpty()
                                || other.getMetadata().getNamespace().equals(object.namespace())));
        if (!known) {
            object(object);
        }
    }

    private void ours(ManifestObject object) {
        switch (object.kind()) {
            case "GracefulShutdownPolicy" -> {
                GracefulShutdownPolicySpec spec = bind(
                        object, GracefulShutdownPolicySpec.class, read -> PolicyValidator.validate(read, settings));
                if (spec != null) {
                    var policy = new GracefulShutdownPolicy();
                    policy.setMetadata(metadata(object));
                    policy.setSpec(spec);
                    policies.add(policy);
                }
            }
            case "ClusterGracefulShutdownPolicy" -> {
                ClusterGracefulShutdownPolicySpec spec = bind(
                        object,
                        ClusterGracefulShutdownPolicySpec.class,
                        read -> PolicyValidator.validate(read, settings));
                if (spec != null) {
                    var policy = new ClusterGracefulShutdownPolicy();
                    policy.setMetadata(metadata(object));
                    policy.setSpec(spec);
                    clusterPolicies.add(policy);
                }
            }
            case "ShutdownException" -> exception(object);
            default -> {} // A RolloutAudit says what was, and asks for nothing.
        }
    }

    /** Collects an exception. */
    public void exception(ManifestObject object) {
        ShutdownExceptionSpec spec = bind(
                object, ShutdownExceptionSpec.class, read -> ExceptionValidator.validate(read, settings.kinds(), null));
        if (spec != null) {
            var exception = new ShutdownException();
            exception.setMetadata(metadata(object));
            exception.setSpec(spec);
            exceptions.add(exception);
        }
    }

    /** Collects a namespace's labels, with the one that the API server adds. */
    public void namespace(ManifestObject object) {
        Map<String, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label :
                object.json().path("metadata").path("labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText());
        }
        labels.put("kubernetes.io/metadata.name", object.name());
        namespaces.put(object.name(), labels);
    }

    private static ObjectMeta metadata(ManifestObject object) {
        var metadata = new ObjectMeta();
        metadata.setName(object.name());
        metadata.setNamespace(object.namespace());
        return metadata;
    }

    /** The spec of an object; null, and reported, where it can't be used. */
    private <T extends Record> @Nullable T bind(ManifestObject object, Class<T> type, Validation<T> validation) {
        var binder = new SpecBinder();
        T spec = binder.bind(object.json().path("spec"), type, "spec");
        List<FieldError> errors = new ArrayList<>(binder.errors());
        if (object.name().isEmpty()) {
            errors.add(new FieldError("metadata.name", "is missing"));
        }
        for (FieldError error : validation.of(spec)) {
            // What has the wrong type reads as absent; once is enough.
            if (errors.stream().noneMatch(known -> known.path().equals(error.path()))) {
                errors.add(error);
            }
        }
        errors.forEach(error -> report(object, error));
        return errors.isEmpty() ? spec : null;
    }

    private interface Validation<T> {
        List<FieldError> of(@Nullable T spec);
    }

    private void report(ManifestObject object, FieldError error) {
        unreadable(new Unreadable(
                object.input().name(),
                object.position(error.path()),
                object.kind() + " " + nameOf(object) + " can't be used: " + error.text() + hint(error)));
    }

    /** A kind that the cluster has registered is known here by an option. */
    private static String hint(FieldError error) {
        return error.path().startsWith("spec.match.kinds[") || error.path().equals("spec.target.kind")
                ? "; here by --workload-kind KIND.GROUP=PATH"
                : "";
    }

    private static String nameOf(ManifestObject object) {
        return object.namespace().isEmpty() ? object.name() : object.namespace() + "/" + object.name();
    }
}
