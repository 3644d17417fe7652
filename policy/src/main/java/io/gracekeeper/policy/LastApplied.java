package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/** Asks the one question that we have of kubectl's last-applied annotation, without building a tree of it. */
final class LastApplied {
    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> PATH = List.of("spec", "template", "spec", "terminationGracePeriodSeconds");

    private LastApplied() {}

    /** Whether the author's manifest has {@code spec.template.spec.terminationGracePeriodSeconds}. Broken JSON has not. */
    static boolean hasGrace(String annotation) {
        try (JsonParser parser = JSON.createParser(annotation)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            int depth = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean onPath = parser.currentName().equals(PATH.get(depth));
                JsonToken value = parser.nextToken();
                if (onPath && depth == PATH.size() - 1) {
                    return value != JsonToken.VALUE_NULL;
                }
                if (onPath && value == JsonToken.START_OBJECT) {
                    depth++;
                } else {
                    parser.skipChildren();
                }
            }
            return false;
        } catch (IOException broken) {
            return false;
        }
    }
}
