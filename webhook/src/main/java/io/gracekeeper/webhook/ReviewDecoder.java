package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.UnparsedValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes into an {@link AdmissionRequest}, in one pass. Safe for use by several threads. The objects stay raw trees: fields that no model has heard of must survive.
 * What of a review nobody reads is passed over, and what of a workload no rule reads stays bytes.
 */
final class ReviewDecoder {
    private static final String API_VERSION = "admission.k8s.io/v1";
    private static final String OLD_API_VERSION = "admission.k8s.io/v1beta1";

    private final JsonTrees ofWorkloads = new JsonTrees(UnparsedValue.FIELDS);
    private final JsonTrees ofPolicies = new JsonTrees(Set.of());

    /** What stands in {@code request}, so far. */
    private static final class Parts {
        private String uid = "";
        private String group = "";
        private String version = "";
        private String kind = "";
        private String subResource = "";
        private String operation = "";
        private String namespace = "";
        private String name = "";
        private String username = "";
        private boolean dryRun;
        private @Nullable JsonNode object;
        private @Nullable JsonNode oldObject;
    }

    /**
     * Decodes.
     *
     * @param path where it was sent to, by which it is known what will be read of it
     * @param body must not change any more
     * @throws BadReviewException if it isn't JSON, not an AdmissionReview of version v1, or lacks what every review has
     */
    AdmissionRequest decode(AdmissionPath path, byte[] body) throws BadReviewException {
        var trees = path == AdmissionPath.VALIDATE_POLICIES ? ofPolicies : ofWorkloads;
        return new Reading(new JsonCursor(body), trees).decode();
    }

    /** One review on its way. */
    private static final class Reading {
        private final JsonCursor cursor;
        private final JsonTrees trees;
        private String kind = "";
        private String apiVersion = "";
        private Parts request = new Parts();

        Reading(JsonCursor cursor, JsonTrees trees) {
            this.cursor = cursor;
            this.trees = trees;
        }

        AdmissionRequest decode() throws BadReviewException {
            if (!cursor.isAtEnd()) {
                review();
                cursor.finish();
            }
            return checked();
        }

        private AdmissionRequest checked() throws BadReviewException {
            if (kind.equals("AdmissionReview") && apiVersion.equals(OLD_API_VERSION)) {
                throw new BadReviewException("an AdmissionReview of " + OLD_API_VERSION + ", and only " + API_VERSION
                        + " is spoken here: write admissionReviewVersions: [v1] in the webhook configuration");
            }
            if (!kind.equals("AdmissionReview") || !apiVersion.equals(API_VERSION)) {
                throw new BadReviewException("not an AdmissionReview of " + API_VERSION);
            }
            if (request.uid.isEmpty()) {
                throw new BadReviewException("request.uid is missing");
            }
            boolean create = request.operation.equals(AdmissionRequest.CREATE);
            boolean update = request.operation.equals(AdmissionRequest.UPDATE);
            if ((create || update) && request.object == null) {
                throw new BadReviewException("request.object is missing");
            }
            if (update && request.oldObject == null) {
                throw new BadReviewException("request.oldObject is missing");
            }
            return new AdmissionRequest(
                    request.uid,
                    request.group,
                    request.version,
                    request.kind,
                    request.subResource,
                    request.operation,
                    request.namespace,
                    request.name,
                    request.username,
                    request.dryRun,
                    request.object,
                    create ? null : request.oldObject);
        }

        private void review() throws BadReviewException {
            if (!enterObject()) {
                return;
            }
            do {
                switch (trees.name(cursor)) {
                    case "kind" -> kind = text();
                    case "apiVersion" -> apiVersion = text();
                    case "request" -> {
                        request = new Parts();
                        request();
                    }
                    default -> cursor.skipValue();
                }
            } while (cursor.next((byte) '{'));
        }

        private void request() throws BadReviewException {
            if (!enterObject()) {
                return;
            }
            do {
                switch (trees.name(cursor)) {
                    case "uid" -> request.uid = text();
                    case "kind" -> kind();
                    case "subResource" -> request.subResource = text();
                    case "operation" -> request.operation = text();
                    case "namespace" -> request.namespace = text();
                    case "name" -> request.name = text();
                    case "userInfo" -> request.username = member("username");
                    case "dryRun" -> request.dryRun = trees.value(cursor).asBoolean(false);
                    case "object" -> request.object = tree(null);
                    case "oldObject" -> request.oldObject = tree(request.object); // It comes after the other one.
                    default -> cursor.skipValue();
                }
            } while (cursor.next((byte) '{'));
        }

        private void kind() throws BadReviewException {
            if (!enterObject()) {
                return;
            }
            do {
                switch (trees.name(cursor)) {
                    case "group" -> request.group = text();
                    case "version" -> request.version = text();
                    case "kind" -> request.kind = text();
                    default -> cursor.skipValue();
                }
            } while (cursor.next((byte) '{'));
        }

        /** The text of one member of an object; empty where there is none. */
        private String member(String name) throws BadReviewException {
            String text = "";
            if (enterObject()) {
                do {
                    if (trees.name(cursor).equals(name)) {
                        text = text();
                    } else {
                        cursor.skipValue();
                    }
                } while (cursor.next((byte) '{'));
            }
            return text;
        }

        /** Whether there is an object with anything in it. If not, whatever there is has been passed. */
        private boolean enterObject() throws BadReviewException {
            byte first = cursor.peek();
            if (first == '{') {
                return cursor.enter(first);
            }
            cursor.skipValue();
            return false;
        }

        private String text() throws BadReviewException {
            if (cursor.peek() == '"') {
                return trees.value(cursor).textValue();
            }
            cursor.skipValue();
            return "";
        }

        /** A tree of an object; null where there is something else. */
        private @Nullable JsonNode tree(@Nullable JsonNode twin) throws BadReviewException {
            if (cursor.peek() == '{') {
                return trees.value(cursor, twin);
            }
            cursor.skipValue();
            return null;
        }
    }
}
