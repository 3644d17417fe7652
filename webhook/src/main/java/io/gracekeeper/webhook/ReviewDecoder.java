package io.gracekeeper.webhook;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bytes into an {@link AdmissionRequest}. The objects stay raw trees: fields that no model has heard of must survive. */
final class ReviewDecoder {
    private static final String API_VERSION = "admission.k8s.io/v1";
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private ReviewDecoder() {}

    /**
     * Decodes.
     *
     * @throws BadReviewException if it isn't JSON, not an AdmissionReview of version v1, or lacks what every review has
     */
    static AdmissionRequest decode(byte[] body) throws BadReviewException {
        JsonNode review = parse(body);
        if (!text(review, "kind").equals("AdmissionReview")
                || !text(review, "apiVersion").equals(API_VERSION)) {
            throw new BadReviewException("not an AdmissionReview of " + API_VERSION);
        }
        JsonNode request = review.path("request");
        String uid = text(request, "uid");
        if (uid.isEmpty()) {
            throw new BadReviewException("request.uid is missing");
        }
        JsonNode kind = request.path("kind");
        String operation = text(request, "operation");
        JsonNode object = object(request, "object");
        JsonNode oldObject = object(request, "oldObject");
        boolean create = operation.equals(AdmissionRequest.CREATE);
        boolean update = operation.equals(AdmissionRequest.UPDATE);
        if ((create || update) && object == null) {
            throw new BadReviewException("request.object is missing");
        }
        if (update && oldObject == null) {
            throw new BadReviewException("request.oldObject is missing");
        }
        return new AdmissionRequest(
                uid,
                text(kind, "group"),
                text(kind, "version"),
                text(kind, "kind"),
                text(request, "subResource"),
                operation,
                text(request, "namespace"),
                text(request, "name"),
                request.path("dryRun").asBoolean(false),
                object,
                create ? null : oldObject);
    }

    private static JsonNode parse(byte[] body) throws BadReviewException {
        try {
            JsonNode tree = READER.readTree(body);
            return tree == null ? READER.createObjectNode() : tree;
        } catch (JsonProcessingException e) {
            // The parser's own message may quote the body.
            JsonLocation location = e.getLocation(); // Null where a limit of the parser is broken.
            throw new BadReviewException(
                    location == null ? "not JSON" : "not JSON, at byte " + location.getByteOffset());
        } catch (IOException e) {
            throw new BadReviewException("not JSON");
        }
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    private static @Nullable JsonNode object(JsonNode request, String field) {
        JsonNode value = request.path(field);
        return value.isObject() ? value : null;
    }
}
