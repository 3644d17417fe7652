package io.gracekeeper.operator.workload;

import io.gracekeeper.policy.PolicyReference;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has changed in a namespace since it was last looked at.
 *
 * @param namespace which
 * @param before what was found the last time
 * @param after what is found now
 * @param policiesChanged whether other policies or exceptions hold than before
 * @param isNews false for what was found while the process started: that is only new to us
 */
public record NamespaceChange(
        String namespace, List<Finding> before, List<Finding> after, boolean policiesChanged, boolean isNews) {

    /** Every policy whose status may say something else now. */
    public Set<PolicyReference> policies() {
        return Stream.concat(before.stream(), after.stream())
                .flatMap(finding -> finding.policies().stream())
                .collect(Collectors.toSet());
    }

    /** Whether something else is found now. */
    public boolean findingsChanged() {
        return !before.equals(after);
    }
}
