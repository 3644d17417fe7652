package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a JSON Patch (RFC 6902).
 *
 * @param op what to do
 * @param path a JSON pointer
 * @param value for add and replace; null for remove
 */
public record PatchOperation(Op op, String path, @Nullable JsonNode value) {
    /** The operations that we need. */
    public enum Op {
        /** Add a member, or replace it. */
        ADD("add"),
        /** Replace a member that is there. */
        REPLACE("replace"),
        /** Remove a member that is there. */
        REMOVE("remove");

        private final String word;

        Op(String word) {
            this.word = word;
        }

        /** The word that stands in the patch. */
        public String word() {
            return word;
        }
    }

    static PatchOperation add(String path, JsonNode value) {
        return new PatchOperation(Op.ADD, path, value);
    }

    static PatchOperation replace(String path, JsonNode value) {
        return new PatchOperation(Op.REPLACE, path, value);
    }

    static PatchOperation remove(String path) {
        return new PatchOperation(Op.REMOVE, path, null);
    }
}
