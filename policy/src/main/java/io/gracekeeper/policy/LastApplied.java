package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Asks the one question that we have of kubectl's last-applied annotation, without building a tree of it. */
final class LastApplied {
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();

    private static final byte[] GRACE = "terminationGracePeriodSeconds".getBytes(StandardCharsets.US_ASCII);

    /** With which one can write a letter in another way. */
    private static final byte[] ESCAPE = "\\u".getBytes(StandardCharsets.US_ASCII);

    private LastApplied() {}

    /**
     * Whether the author's manifest has a {@code terminationGracePeriodSeconds} in its pod spec. Broken JSON has not.
     *
     * @param annotation a text, parsed or not
     */
    static boolean hasGrace(JsonNode annotation, WorkloadKind kind) {
        if (!UnparsedValue.mayMention(annotation, GRACE) && !UnparsedValue.mayMention(annotation, ESCAPE)) {
            return false;
        }
        try (JsonParser text = UnparsedValue.parser(annotation)) {
            if (text.nextToken() != JsonToken.VALUE_STRING) {
                return false;
            }
            // Where the text is unescaped to, so that no string is made of it.
            char[] characters = text.getTextCharacters();
            return hasGrace(
                    JSON.createParser(characters, text.getTextOffset(), text.getTextLength()), kind.templatePath());
        } catch (IOException broken) {
            return false;
        }
    }

    private static boolean hasGrace(JsonParser manifest, List<String> template) throws IOException {
        try (JsonParser parser = manifest) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            int depth = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String wanted = depth < template.size()
                        ? template.get(depth)
                        : depth == template.size() ? "spec" : "terminationGracePeriodSeconds";
                boolean onPath = parser.currentName().equals(wanted);
                JsonToken value = parser.nextToken();
                if (onPath && depth == template.size() + 1) {
                    return value != JsonToken.VALUE_NULL;
                }
                if (onPath && value == JsonToken.START_OBJECT) {
                    depth++;
                } else {
                    parser.skipChildren();
                }
            }
            return false;
        }
    }
}
