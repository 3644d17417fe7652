package io.gracekeeper.policy;

import java.util.List;

/** The words of a refusal. Written once, read at every door. */
final class DenialText {
    private DenialText() {}

    /**
     * Refuses.
     *
     * @param workload what is refused
     * @param denied at least one, all of them
     * @param warnings what else is to be said
     */
    static Decision.Denied deny(Workload workload, List<Violation> denied, List<String> warnings) {
        StringBuilder message = new StringBuilder(workload.display())
                .append(": ")
                .append(denied.get(0).summary())
                .append(denied.size() > 1 ? " (1 of " + denied.size() + ")" : "");
        for (Violation violation : denied) {
            message.append("\n* ").append(violation.field()).append(": ").append(violation.text());
        }
        List<Cause> causes = denied.stream()
                .map(violation -> new Cause(violation.field(), violation.text()))
                .toList();
        return new Decision.Denied(message.toString(), causes, warnings);
    }
}
