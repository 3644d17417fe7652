package io.gracekeeper.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/**
 * One step through a document.
 *
 * @param kind what it is
 * @param start offset in the whole text
 * @param end offset in the whole text
 * @param style how it is written
 * @param scalar the value of a scalar; missing for everything else
 * @param anchor the name that it gives itself, or that an alias refers to
 * @param merge whether it is the plain scalar {@code <<}
 */
record NodeEvent(
        Kind kind,
        int start,
        int end,
        Style style,
        JsonNode scalar,
        @Nullable String anchor,
        boolean merge) {
    enum Kind {
        MAPPING_START,
        SEQUENCE_START,
        END,
        SCALAR,
        ALIAS,
        STREAM_END
    }

    static NodeEvent structure(Kind kind, int start, int end, Style style, @Nullable String anchor) {
        return new NodeEvent(kind, start, end, style, MissingNode.getInstance(), anchor, false);
    }

    /** Where events come from. */
    @FunctionalInterface
    interface Source {
        /**
         * The next one; a stream's end for ever after the last.
         *
         * @throws SyntaxProblem if the text can't be read on
         */
        NodeEvent next();
    }
}
