package io.gracekeeper.policy;

import java.util.List;

/**
 * Everything that the operator needs to know of a workload.
 *
 * @param workload as read
 * @param policy what holds for it
 * @param classification where it stands
 * @param violations of the object as it is, all of them that no exception forgives
 * @param forgiven violations that an exception forgives
 * @param exceptions those in force for the workload
 * @param injection the patch that Apply would make now (also where the mode is DryRun)
 * @param injectionHash the value of the touch annotation that stands for that injection; the same as long as the values are
 * @param notes what can't be judged or was overruled, one line each
 * @param advice what else its author should know; never a reason to refuse
 */
public record Judgement(
        Workload workload,
        EffectivePolicy policy,
        Classification classification,
        List<Violation> violations,
        List<Violation> forgiven,
        List<CompiledException> exceptions,
        Mutation injection,
        String injectionHash,
        List<String> notes,
        List<Note> advice) {
    /** Copies the lists. */
    public Judgement {
        violations = List.copyOf(violations);
        forgiven = List.copyOf(forgiven);
        exceptions = List.copyOf(exceptions);
        notes = List.copyOf(notes);
        advice = List.copyOf(advice);
    }
}
