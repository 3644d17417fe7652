package io.gracekeeper.cli.policies;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.crds.ApiGroup;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyValidator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects policies from manifests. One that isn't valid is a problem with its place, and stops none of the others. */
public final class PolicyReader implements ManifestReader.Sink {
    /** Binds a spec alone: the metadata's type would cost more of our start than all the rest. */
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String defaultNamespace;
    private final EngineSettings limits;
    private final Consumer<Unreadable> problems;
    private final List<GracefulShutdownPolicy> policies = new ArrayList<>();

    /**
     * A reader of policies.
     *
     * @param defaultNamespace of those that name none
     * @param problems told what can't be used
     */
    public PolicyReader(String defaultNamespace, EngineSettings limits, Consumer<Unreadable> problems) {
        this.defaultNamespace = defaultNamespace;
        this.limits = limits;
        this.problems = problems;
    }

    /** What was read up to now. */
    public PolicySet policies() {
        return new PolicySet(policies);
    }

    /** Whether an object is one of ours. */
    public static boolean isOurs(ManifestObject object) {
        return object.apiVersion().startsWith(ApiGroup.NAME + "/");
    }

    @Override
    public void unreadable(Unreadable problem) {
        problems.accept(problem);
    }

    @Override
    public void object(ManifestObject object) {
        if (!object.apiVersion().equals(ApiGroup.NAME + "/" + ApiGroup.VERSION)) {
            if (isOurs(object)) {
                report(object, "apiVersion", "is unknown: use " + ApiGroup.NAME + "/" + ApiGroup.VERSION);
            }
            return;
        }
        if (object.kind().equals("GracefulShutdownPolicy")) {
            policy(object);
        }
    }

    private void policy(ManifestObject object) {
        List<FieldError> errors = new ArrayList<>();
        GracefulShutdownPolicySpec spec = bind(object, GracefulShutdownPolicySpec.class, errors);
        if (spec != null || errors.isEmpty()) {
            errors.addAll(PolicyValidator.validate(spec, limits));
        }
        errors.forEach(error -> report(object, error.path(), error.message()));
        if (errors.isEmpty()) {
            var policy = new GracefulShutdownPolicy();
            policy.setMetadata(metadata(object));
            policy.setSpec(spec);
            policies.add(policy);
        }
    }

    private ObjectMeta metadata(ManifestObject object) {
        var metadata = new ObjectMeta();
        metadata.setName(object.name());
        metadata.setNamespace(object.namespace().isEmpty() ? defaultNamespace : object.namespace());
        return metadata;
    }

    private <T> @Nullable T bind(ManifestObject object, Class<T> type, List<FieldError> errors) {
        JsonNode spec = object.json().path("spec");
        if (object.name().isEmpty()) {
            errors.add(new FieldError("metadata.name", "is missing"));
        }
        UnknownFields.find(spec, type, "spec", errors);
        try {
            return spec.isMissingNode() ? null : JSON.treeToValue(spec, type);
        } catch (JsonMappingException e) {
            errors.add(new FieldError("spec" + path(e), reason(e)));
        } catch (JsonProcessingException e) {
            errors.add(new FieldError("spec", e.getOriginalMessage()));
        }
        return null;
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append('.').append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String reason(JsonMappingException e) {
        if (e instanceof InvalidFormatException format) {
            Object[] choices = format.getTargetType().getEnumConstants();
            return choices == null
                    ? "\"" + format.getValue() + "\" is no "
                            + format.getTargetType().getSimpleName()
                    : "\"" + format.getValue() + "\" is none of "
                            + String.join(
                                    ", ",
                                    Arrays.stream(choices)
                                            .map(choice -> JSON.convertValue(choice, String.class))
                                            .toList());
        }
        return e.getOriginalMessage();
    }

    private void report(ManifestObject object, String field, String message) {
        problems.accept(new Unreadable(
                object.input().name(),
                object.position(field),
                object.kind() + " " + object.name() + " can't be used: " + field + ": " + message));
    }
}
