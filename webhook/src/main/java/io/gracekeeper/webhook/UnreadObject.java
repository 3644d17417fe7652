package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.OldObject;
import io.gracekeeper.policy.WorkloadKind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The old object of a review, found to be JSON and not yet read. Whether an update leaves the template alone shows by the bytes: the
 * API server writes both objects in one way, so that they say the same where they are the same. Not safe for use by several threads.
 */
final class UnreadObject implements OldObject {
    private final byte[] review;
    private final JsonTrees trees;
    private final int start;
    private final int spec;
    private final int newSpec;
    private @Nullable JsonNode tree;

    /**
     * An object.
     *
     * @param review the whole text
     * @param start where the object begins in it
     * @param spec where its {@code spec} begins; negative where it has none
     * @param newSpec where the {@code spec} of the new object begins; negative where it has none
     */
    UnreadObject(byte[] review, JsonTrees trees, int start, int spec, int newSpec) {
        this.review = review;
        this.trees = trees;
        this.start = start;
        this.spec = spec;
        this.newSpec = newSpec;
    }

    @Override
    public JsonNode tree() {
        if (tree == null) {
            try {
                tree = trees.value(new JsonCursor(review, start));
            } catch (BadReviewException e) {
                throw new IllegalStateException("what was found to be JSON is none", e);
            }
        }
        return tree;
    }

    @Override
    public boolean hasTemplateOf(JsonNode object, WorkloadKind kind) {
        List<String> path = kind.templatePath();
        if (path.isEmpty() || !path.getFirst().equals("spec")) {
            return OldObject.super.hasTemplateOf(object, kind);
        }
        try {
            var mine = new JsonCursor(review, Math.max(spec, 0));
            var other = new JsonCursor(review, Math.max(newSpec, 0));
            boolean here = spec >= 0 && find(mine, path);
            boolean there = newSpec >= 0 && find(other, path);
            return here == there && (!here || sameValue(mine, other));
        } catch (BadReviewException e) {
            throw new IllegalStateException("what was found to be JSON is none", e);
        }
    }

    /** Goes from the spec to the template; false where there is none. */
    private boolean find(JsonCursor cursor, List<String> path) throws BadReviewException {
        for (String name : path.subList(1, path.size())) {
            if (!find(cursor, name)) {
                return false;
            }
        }
        return true;
    }

    private boolean find(JsonCursor cursor, String name) throws BadReviewException {
        byte first = cursor.peek();
        if (first != '{' || !cursor.enter(first)) {
            return false;
        }
        do {
            if (trees.name(cursor).equals(name)) {
                return true;
            }
            cursor.skipValue();
        } while (cursor.next(first));
        return false;
    }

    private boolean sameValue(JsonCursor mine, JsonCursor other) throws BadReviewException {
        int from = mine.at();
        int otherFrom = other.at();
        mine.skipValue();
        int length = mine.at() - from;
        return otherFrom + length <= review.length
                && Arrays.equals(review, from, from + length, review, otherFrom, otherFrom + length);
    }
}
