package io.gracekeeper.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gracekeeper.crds.ApiGroup;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.ExceptionValidator;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.PolicyValidator;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a policy or an exception that can't hold, with everything that is wrong with it at once; and says of a policy what it
 * would refuse.
 */
final class PolicyReviews implements Reviewer {
    private static final JsonMapper SPECS = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final EngineSettings limits;
    private final PolicyForecast forecast;
    private final InstantSource clock;

    PolicyReviews(EngineSettings limits, PolicyForecast forecast, InstantSource clock) {
        this.limits = limits;
        this.forecast = forecast;
        this.clock = clock;
    }

    @Override
    public Answer review(AdmissionRequest request) {
        JsonNode object = request.object();
        if (object == null || !request.writes(ApiGroup.NAME, ApiGroup.VERSION, request.kind())) {
            return new Answer.Unjudged();
        }
        JsonNode spec = object.path("spec");
        if (request.oldObject() != null && spec.equals(request.oldObject().path("spec"))) {
            return new Answer.Allowed(
                    List.of()); // A label or an owner may change on a policy that a lower cap has made wrong meanwhile.
        }
        return switch (request.kind()) {
            case "GracefulShutdownPolicy" ->
                answer(
                        request,
                        spec,
                        GracefulShutdownPolicySpec.class,
                        read -> PolicyValidator.validate(read, limits),
                        read -> forecast.of(policy(request, read)));
            case "ClusterGracefulShutdownPolicy" ->
                answer(
                        request,
                        spec,
                        ClusterGracefulShutdownPolicySpec.class,
                        read -> PolicyValidator.validate(read, limits),
                        read -> forecast.of(clusterPolicy(request, read)));
            case "ShutdownException" ->
                answer(
                        request,
                        spec,
                        ShutdownExceptionSpec.class,
                        read -> ExceptionValidator.validate(
                                read, limits.kinds(), ExceptionValidator.latest(clock.instant())),
                        read -> List.of());
            default -> new Answer.Unjudged();
        };
    }

    private static <S> Answer answer(
            AdmissionRequest request,
            JsonNode spec,
            Class<S> type,
            Function<@Nullable S, List<FieldError>> validate,
            Function<S, List<String>> warnings) {
        S read;
        try {
            read = spec.isObject() ? SPECS.treeToValue(spec, type) : null;
        } catch (JsonMappingException e) {
            // The schema catches this before us, unless somebody has edited the CRD.
            return refused(
                    request,
                    List.of(new FieldError(path(e), "has a value of the wrong type or one that is not in the list")));
        } catch (JsonProcessingException e) {
            return refused(request, List.of(new FieldError("spec", "can't be read")));
        }
        List<FieldError> errors = validate.apply(read);
        return errors.isEmpty() && read != null ? new Answer.Allowed(warnings.apply(read)) : refused(request, errors);
    }

    private static GracefulShutdownPolicy policy(AdmissionRequest request, GracefulShutdownPolicySpec spec) {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(metadata(request));
        policy.setSpec(spec);
        return policy;
    }

    private static ClusterGracefulShutdownPolicy clusterPolicy(
            AdmissionRequest request, ClusterGracefulShutdownPolicySpec spec) {
        var policy = new ClusterGracefulShutdownPolicy();
        policy.setMetadata(metadata(request));
        policy.setSpec(spec);
        return policy;
    }

    private static ObjectMeta metadata(AdmissionRequest request) {
        return new ObjectMetaBuilder()
                .withNamespace(request.namespace())
                .withName(request.displayName())
                .build();
    }

    private static String path(JsonMappingException failure) {
        var path = new StringBuilder("spec");
        for (Reference reference : failure.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append('.').append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static Answer refused(AdmissionRequest request, List<FieldError> errors) {
        FieldError first = errors.getFirst();
        String where = request.namespace().isEmpty() ? "" : request.namespace() + "/";
        var message = new StringBuilder(
                request.kind() + " " + where + request.displayName() + ": " + first.path() + ": " + first.message());
        if (errors.size() > 1) {
            message.append(" (1 of ").append(errors.size()).append(')');
            errors.forEach(error ->
                    message.append("\n* ").append(error.path()).append(": ").append(error.message()));
        }
        return new Answer.Refused(
                message.toString(),
                errors.stream()
                        .map(error -> new Cause(error.path(), error.message()))
                        .toList(),
                List.of());
    }
}
