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
     */
    record Allowed(List<String> warnings) implements Decision {
        /** Copies the list. */
        public Allowed {
            warnings = List.copyOf(warnings);
        }
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
