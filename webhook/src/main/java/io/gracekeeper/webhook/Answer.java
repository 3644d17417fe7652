package io.gracekeeper.webhook;

import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.Decision.Passage;
import io.gracekeeper.policy.PatchOperation;
import java.util.List;

/** What a review answers. Warnings are one line each, without control characters, at most 120 characters. */
sealed interface Answer {
    List<String> warnings();

    /** The request is none that anybody here judges. */
    record Unjudged() implements Answer {
        @Override
        public List<String> warnings() {
            return List.of();
        }
    }

    /**
     * The object passes as it is.
     *
     * @param passage why it passes
     */
    record Allowed(List<String> warnings, Passage passage) implements Answer {
        /** Passes by itself. */
        Allowed(List<String> warnings) {
            this(warnings, Passage.BY_ITSELF);
        }
    }

    /** The object passes, changed. */
    record Patched(List<PatchOperation> patch, List<String> warnings) implements Answer {}

    /** The object doesn't pass. */
    record Refused(String message, List<Cause> causes, List<String> warnings) implements Answer {}

    /** We failed. The object passes, as it does when nobody of us can be reached, and whoever sent it is told. */
    record Failed(List<String> warnings) implements Answer {
        Failed() {
            this(List.of("gracekeeper: internal error, not judged"));
        }
    }

    /** The word for it in metrics and logs. */
    default String outcome() {
        return switch (this) {
            case Unjudged unjudged -> "unjudged";
            case Allowed allowed -> allowed.warnings().isEmpty() ? "allowed" : "warned";
            case Patched patched -> "patched";
            case Refused refused -> "refused";
            case Failed failed -> "failed";
        };
    }
}
