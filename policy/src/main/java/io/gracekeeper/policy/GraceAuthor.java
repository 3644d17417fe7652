package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who chose a grace period, when asked, and once. Probed on 1.37: managedFields are computed before admission, and
 * defaulting before both. A field that its author takes out of the manifest comes back as 30, whatever was injected before, so a
 * record alone makes no 30 explicit.
 */
final class GraceAuthor implements Supplier<GraceOrigin> {
    /** As an operation of managedFields, which the API server writes itself. */
    private static final byte[] APPLY = "\"Apply\"".getBytes(StandardCharsets.US_ASCII);

    private static final String KUBECTL_CLIENT_SIDE_APPLY = "kubectl-client-side-apply";

    private final JsonNode object;
    private final WorkloadKind kind;
    private final @Nullable Long grace;
    private final @Nullable InjectionRecord record;
    private @Nullable GraceOrigin found;

    /** What the managers of a field say of it. Each is true as soon as one manager makes it so. */
    private static final class Managers {
        private boolean serverSideApply;
        private boolean appliedGrace;
        private boolean setByHand;
    }

    /**
     * For one workload.
     *
     * @param object the raw workload
     * @param grace seconds, as it came; null where it has none
     * @param record what we injected before; null where we did not
     */
    GraceAuthor(JsonNode object, WorkloadKind kind, @Nullable Long grace, @Nullable InjectionRecord record) {
        this.object = object;
        this.kind = kind;
        this.grace = grace;
        this.record = record;
    }

    @Override
    public GraceOrigin get() {
        GraceOrigin origin = found == null ? find() : found;
        found = origin;
        return origin;
    }

    private GraceOrigin find() {
        if (grace == null) {
            return GraceOrigin.UNSET;
        }
        if (grace != PodTemplate.DEFAULT_GRACE_SECONDS) {
            // Ours where it equals the record: strip takes it back.
            return GraceOrigin.EXPLICIT;
        }
        boolean recorded = record != null && record.graceSeconds() != null;
        JsonNode managedFields = object.path("metadata").path("managedFields");
        // Without a record only a manager that applies on the server's side could tell something.
        Managers managers =
                recorded || UnparsedValue.mayMention(managedFields, APPLY) ? managers(managedFields) : new Managers();
        if (managers.appliedGrace || (recorded && managers.setByHand)) {
            return GraceOrigin.EXPLICIT; // After us where there is a record: an edit or a patch.
        }
        JsonNode lastApplied = object.path("metadata").path("annotations").path(UnparsedValue.LAST_APPLIED);
        if (UnparsedValue.isText(lastApplied)) {
            return LastApplied.hasGrace(lastApplied, kind) ? GraceOrigin.EXPLICIT : GraceOrigin.UNSET;
        }
        if (managers.serverSideApply) {
            return GraceOrigin.UNSET;
        }
        return recorded ? GraceOrigin.EXPLICIT : GraceOrigin.UNKNOWN;
    }

    /** Reads them as a stream: a tree of managedFields is often the larger part of an object's. */
    private Managers managers(JsonNode managedFields) {
        var managers = new Managers();
        try (JsonParser parser = UnparsedValue.parser(managedFields)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                for (JsonToken entry = parser.nextToken();
                        entry != null && entry != JsonToken.END_ARRAY;
                        entry = parser.nextToken()) {
                    if (entry == JsonToken.START_OBJECT) {
                        manager(parser, managers);
                    } else {
                        parser.skipChildren();
                    }
                }
            }
            return managers;
        } catch (IOException e) {
            throw new IllegalStateException("what was found to be JSON is none", e);
        }
    }

    private void manager(JsonParser parser, Managers managers) throws IOException {
        boolean apply = false;
        boolean owns = false;
        boolean kubectl = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "operation" ->
                    apply = value == JsonToken.VALUE_STRING && parser.getText().equals("Apply");
                case "manager" ->
                    kubectl =
                            value == JsonToken.VALUE_STRING && parser.getText().equals(KUBECTL_CLIENT_SIDE_APPLY);
                case "fieldsV1" -> owns = value == JsonToken.START_OBJECT && ownsGrace(parser, 0);
                default -> {}
            }
            parser.skipChildren(); // Nothing where the value has been read.
        }
        managers.serverSideApply |= apply;
        managers.appliedGrace |= apply && owns;
        managers.setByHand |= owns && !kubectl;
    }

    /** Passes an object of fieldsV1. */
    private boolean ownsGrace(JsonParser parser, int depth) throws IOException {
        List<String> template = kind.templatePath();
        String wanted = depth < template.size()
                ? template.get(depth)
                : depth == template.size() ? "spec" : "terminationGracePeriodSeconds";
        boolean owns = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            boolean onPath = field.length() == wanted.length() + 2 && field.startsWith("f:") && field.endsWith(wanted);
            boolean inside = parser.nextToken() == JsonToken.START_OBJECT;
            if (onPath && inside && depth <= template.size()) {
                owns = ownsGrace(parser, depth + 1);
            } else {
                owns = onPath ? inside : owns;
                parser.skipChildren();
            }
        }
        return owns;
    }
}
