package io.gracekeeper.policy;

import io.gracekeeper.crds.ValidationAction;
import org.jspecify.annotations.Nullable;

/**
 * One rule that one workload breaks.
 *
 * @param rule which
 * @param container the container that it is about; null where it is the pod's
 * @param field full path, containers by name, for instance {@code spec.template.spec.containers[app].lifecycle.preStop}
 * @param summary a few words for the first line of a denial and for warnings, with the fix
 * @param message the sentence with the numbers and the policy; the same at every door
 * @param fix YAML to paste, without indentation; null where only the author can know
 * @param shortage how far off, in seconds, at least 1; an update may not raise it
 * @param action what is done about it
 * @param policy who asked
 */
public record Violation(
        Rule rule,
        @Nullable String container,
        String field,
        String summary,
        String message,
        @Nullable String fix,
        long shortage,
        ValidationAction action,
        PolicyReference policy) {

    /** The sentence, and the fix on indented lines below it. */
    public String text() {
        return fix == null ? message : message + " Fix:\n    " + fix.replace("\n", "\n    ");
    }

    /** The same violation, with another action. */
    public Violation withAction(ValidationAction other) {
        return new Violation(rule, container, field, summary, message, fix, shortage, other, policy);
    }
}
