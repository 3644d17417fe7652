package io.gracekeeper.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gracekeeper.crds.ApiGroup;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Refuses a policy that can't hold, with everything that is wrong with it at once. */
final class PolicyReviews implements Reviewer {
    private static final String KIND = "GracefulShutdownPolicy";
    private static final ObjectReader SPEC = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(GracefulShutdownPolicySpec.class);

    private final EngineSettings limits;

    PolicyReviews(EngineSettings limits) {
        this.limits = limits;
    }

    @Override
    public Answer review(AdmissionRequest request) {
        JsonNode object = request.object();
        if (object == null || !request.writes(ApiGroup.NAME, ApiGroup.VERSION, KIND)) {
            return new Answer.Unjudged();
        }
        JsonNode spec = object.path("spec");
        if (request.oldObject() != null
                && spec.equals(request.oldObject().tree().path("spec"))) {
            return new Answer.Allowed(
                    List.of()); // A label or an owner may change on a policy that a lower cap has made wrong meanwhile.
        }
        List<FieldError> errors = errors(spec);
        return errors.isEmpty() ? new Answer.Allowed(List.of()) : refused(request, errors);
    }

    private List<FieldError> errors(JsonNode spec) {
        try {
            return PolicyValidator.validate(
                    spec.isObject() ? SPEC.<GracefulShutdownPolicySpec>readValue(spec) : null, limits);
        } catch (JsonMappingException e) {
            // The schema catches this before us, unless somebody has edited the CRD.
            return List.of(new FieldError(path(e), "has a value of the wrong type or one that is not in the list"));
        } catch (JsonProcessingException e) {
            return List.of(new FieldError("spec", "can't be read"));
        } catch (IOException e) {
            throw new UncheckedIOException("a tree in memory refuses to be read", e);
        }
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
        var message = new StringBuilder(KIND + " " + request.namespace() + "/" + request.displayName() + ": "
                + first.path() + ": " + first.message());
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
