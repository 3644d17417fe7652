package io.gracekeeper.policy;

import java.util.List;

/** What a validating review answers. */
public sealed interface Decision {
    /** One line each, at most {@value Warnings#MAX_LENGTH} characters, no control characters. */
    List<String> warnings();

    /**
     * The request passes.
     *
     * @param warnings what the user should know
     * @param passage why it passes
     */
    record Allowed(List<String> warnings, Passage passage) implements Decision {
        /** Nothing to say. */
        public static final Allowed QUIET = new Allowed(List.of());

        /** Copies the list. */
        public Allowed {
            warnings = List.copyOf(warnings);
        }

        /** Passes by itself. */
        public Allowed(List<String> warnings) {
            this(warnings, Passage.BY_ITSELF);
        }
    }

    /** Why a request passes. */
    enum Passage {
        /** Nothing speaks against it. */
        BY_ITSELF,
        /** It would be refused, but for an annotation that breaks the glass. */
        BREAK_GLASS,
        /** It would be refused, but it goes back to a template that the workload's own revisions hold. */
        ROLLBACK
    }

    /**
     * The request is refused, with 422 Invalid.
     *
     * @param message everything, the first line enough by itself: Helm, GitOps tools and conditions show only this
     * @param causes one per violation: kubectl shows only these
     * @param warnings violations that would not have been a reason to refuse
     */
    record Denied(String message, List<Cause> causes, List<String> warnings) implements Decision {
        /** Copies the lists. */
        public Denied {
            causes = List.copyOf(causes);
            warnings = List.copyOf(warnings);
        }
    }
}
