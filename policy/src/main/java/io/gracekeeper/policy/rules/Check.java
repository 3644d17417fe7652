package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.Violation;
import java.util.List;

/** One rule. Judges a workload against the merged requirements, and never reads a policy, so that doors can't disagree. */
public non-sealed interface Check extends DocumentedRule {
    /** Every check, in the order in which violations are told. */
    List<Check> ALL = List.of(
            new GracePositiveCheck(),
            new BudgetFitsCheck(),
            new DrainDelayCheck(),
            new GraceCeilingCheck(),
            new ReadinessProbeCheck(),
            new HookWorksCheck(),
            new StopSignalCheck());

    /** What the workload breaks of it; empty where it passes, or nobody asks. */
    List<Violation> violations(EvaluationInput input);
}
