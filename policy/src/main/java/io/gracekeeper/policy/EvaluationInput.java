package io.gracekeeper.policy;

/**
 * Everything that a rule reads.
 *
 * @param workload with its template, as it is or as it will be
 * @param policy what holds for it
 */
public record EvaluationInput(Workload workload, EffectivePolicy policy) {
    /** The workload's template. */
    public PodTemplate template() {
        return workload.template();
    }
}
