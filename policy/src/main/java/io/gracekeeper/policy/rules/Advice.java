package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.Note;
import java.util.List;

/**
 * A rule that only advises: what it says is never a reason to refuse, counts in no status, and is not asked for in reviews, which
 * see one object alone. It says nothing about what it has no facts of.
 */
public non-sealed interface Advice extends DocumentedRule {
    /** All advice, in the order in which it is given. */
    List<Advice> ALL = List.of(
            new SignalReachesAppAdvice(),
            new RolloutPaceAdvice(),
            new DisruptionBudgetAdvice(),
            new AutoscalerAdvice(),
            new ServicePortsAdvice(),
            new NodeCeilingAdvice(),
            new OrphanReadinessGateAdvice());

    /** What a workload should know; empty where there is nothing to say. */
    List<Note> advise(AdviceInput input);
}
