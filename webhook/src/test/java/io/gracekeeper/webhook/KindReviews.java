package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.WorkloadKind;
import java.util.Locale;

/**
 * Reviews of other kinds: those that an API server sent (see {@link RecordedReviewsTest}), and where it sends none (a kind of another
 * group, an update of a pod), one that is made from that of a Deployment. It puts the same around each.
 */
final class KindReviews {
    private KindReviews() {}

    /**
     * A review of a kind.
     *
     * @param recorded name of a review of a Deployment
     */
    static ObjectNode of(String recorded, WorkloadKind kind) {
        String own = "recorded/" + kind.kind().toLowerCase(Locale.ROOT) + recorded.substring(recorded.indexOf('-'));
        if (KindReviews.class.getResource("/reviews/" + own + ".json") != null) {
            return Reviews.read(own);
        }
        ObjectNode review = Reviews.read(recorded);
        ObjectNode request = Reviews.at(review, "/request");
        for (String field : new String[] {"kind", "requestKind"}) {
            request.withObject("/" + field)
                    .put("group", kind.group())
                    .put("version", "v1")
                    .put("kind", kind.kind());
        }
        for (String field : new String[] {"resource", "requestResource"}) {
            request.withObject("/" + field)
                    .put("group", kind.group())
                    .put("version", "v1")
                    .put("resource", kind.kind().toLowerCase(Locale.ROOT) + "s");
        }
        for (String field : new String[] {"object", "oldObject"}) {
            if (request.path(field) instanceof ObjectNode object) {
                request.set(field, ofKind(object, kind));
            }
        }
        return review;
    }

    /** The template of the object of a review. */
    static ObjectNode template(ObjectNode review, WorkloadKind kind) {
        String path = kind.isPod() ? "" : "/" + String.join("/", kind.templatePath());
        return Reviews.at(review, "/request/object" + path);
    }

    private static ObjectNode ofKind(ObjectNode deployment, WorkloadKind kind) {
        ObjectNode template = Reviews.at(deployment, "/spec/template").deepCopy();
        ObjectNode metadata = Reviews.at(deployment, "/metadata").deepCopy();
        ObjectNode object = Reviews.JSON.createObjectNode();
        object.put("kind", kind.kind()).put("apiVersion", kind.group().isEmpty() ? "v1" : kind.group() + "/v1");
        object.set("metadata", metadata);
        if (kind.isPod()) {
            metadata.set("labels", template.path("metadata").path("labels"));
            object.set("spec", template.path("spec"));
            return object;
        }
        ObjectNode holder = object;
        for (String field : kind.templatePath().subList(0, kind.templatePath().size() - 1)) {
            holder = holder.putObject(field);
        }
        holder.set(kind.templatePath().getLast(), template);
        return object;
    }
}
