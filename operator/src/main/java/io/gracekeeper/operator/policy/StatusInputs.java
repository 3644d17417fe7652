package io.gracekeeper.operator.policy;

import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.operator.enforcement.Enforcement;
import io.gracekeeper.operator.retrofit.RetrofitReport;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.PolicyReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy's status is made of.
 *
 * @param self whose status
 * @param generation of the spec
 * @param spec the spec; null where somebody left it out
 * @param errors why it is not valid; empty where it is
 * @param matched the workloads in which it takes part; empty where it is not valid
 * @param enforcement what is known of enforcement
 * @param retrofit how its retrofit stands; null where it paces nothing
 */
record StatusInputs(
        PolicyReference self,
        long generation,
        @Nullable GracefulShutdownPolicySpec spec,
        List<FieldError> errors,
        List<Finding> matched,
        Enforcement enforcement,
        @Nullable RetrofitReport retrofit) {
    StatusInputs {
        errors = List.copyOf(errors);
        matched = List.copyOf(matched);
    }

    /** Kind and name of a workload, and its namespace where the policy speaks about several. */
    String name(Finding finding) {
        return self.scope() == PolicyReference.Scope.CLUSTER ? finding.qualifiedDisplay() : finding.display();
    }
}
