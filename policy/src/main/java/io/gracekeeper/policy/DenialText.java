package io.gracekeeper.policy;

import java.util.ArrayList;
import java.util.List;

/** The words of a refusal. Written once, read at every door. */
final class DenialText {
    private static final int USUAL_LENGTH = 1024;

    private DenialText() {}

    /**
     * Refuses.
     *
     * @param workload what is refused
     * @param denied at least one, all of them
     * @param warnings what else is to be said
     */
    static Decision.Denied deny(Workload workload, List<Violation> denied, List<String> warnings) {
        List<Cause> causes = new ArrayList<>(denied.size());
        denied.forEach(violation -> causes.add(new Cause(violation.field(), violation.text())));
        StringBuilder message = new StringBuilder(USUAL_LENGTH)
                .append(workload.display())
                .append(": ")
                .append(denied.get(0).summary())
                .append(denied.size() > 1 ? " (1 of " + denied.size() + ")" : "");
        for (Cause cause : causes) {
            message.append("\n* ").append(cause.field()).append(": ").append(cause.message());
        }
        return new Decision.Denied(message.toString(), causes, warnings);
    }
}
