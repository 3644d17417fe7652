package io.gracekeeper.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.PatchOperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** An {@link Answer} into the bytes of an AdmissionReview, written straight, without a model in between. */
final class ReviewEncoder {
    /** Probed on 1.37: with 422, reason Invalid and causes, kubectl prints the causes and nothing of the patch around them. */
    private static final int UNPROCESSABLE = 422;

    /** Of an answer that says no more than yes. */
    private static final int SHORT = 256;

    /** Of one that has something to say. */
    private static final int LONG = 2048;

    /** Each review has a virtual thread of its own: buffers that Jackson keeps by thread, as it does by default, are never used again. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .build())
            .build();

    private ReviewEncoder() {}

    /** Encodes what {@code request} is answered. */
    static byte[] encode(AdmissionRequest request, Answer answer) {
        return bytes(answer instanceof Answer.Refused ? LONG : SHORT, json -> {
            json.writeStartObject();
            json.writeStringField("apiVersion", "admission.k8s.io/v1");
            json.writeStringField("kind", "AdmissionReview");
            json.writeObjectFieldStart("response");
            json.writeStringField("uid", request.uid());
            json.writeBooleanField("allowed", !(answer instanceof Answer.Refused));
            if (answer instanceof Answer.Patched patched) {
                json.writeStringField("patchType", "JSONPatch");
                json.writeBinaryField("patch", patch(patched.patch()));
            }
            if (answer instanceof Answer.Refused refused) {
                json.writeObjectFieldStart("status");
                status(json, request, refused);
                json.writeEndObject();
            }
            warnings(json, answer.warnings());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static byte[] patch(List<PatchOperation> operations) {
        return bytes(LONG, json -> {
            json.writeStartArray();
            for (PatchOperation operation : operations) {
                json.writeStartObject();
                json.writeStringField("op", operation.op().word());
                json.writeStringField("path", operation.path());
                if (operation.value() != null) {
                    json.writeFieldName("value");
                    MAPPER.writeTree(json, operation.value());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void status(JsonGenerator json, AdmissionRequest request, Answer.Refused refused)
            throws IOException {
        json.writeStringField("status", "Failure");
        json.writeNumberField("code", UNPROCESSABLE);
        json.writeStringField("reason", "Invalid");
        json.writeStringField("message", refused.message());
        json.writeObjectFieldStart("details");
        json.writeStringField("name", request.displayName());
        json.writeStringField("group", request.group());
        json.writeStringField("kind", request.kind());
        json.writeArrayFieldStart("causes");
        for (Cause cause : refused.causes()) {
            json.writeStartObject();
            json.writeStringField("reason", "FieldValueInvalid");
            json.writeStringField("message", cause.message());
            json.writeStringField("field", cause.field());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void warnings(JsonGenerator json, List<String> warnings) throws IOException {
        if (warnings.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("warnings");
        for (String warning : warnings) {
            json.writeString(warning);
        }
        json.writeEndArray();
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] bytes(int length, Content content) {
        try (var bytes = new ByteArrayBuilder(length)) {
            try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
                content.write(json);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory refuses to be written", e);
        }
    }
}
