package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Surroundings.Autoscaler;
import java.util.ArrayList;
import java.util.List;

/** An autoscaler takes no more pods away while those of its last step are still ending. */
final class AutoscalerAdvice implements Advice {
    @Override
    public Rule rule() {
        return Rule.AUTOSCALER;
    }

    @Override
    public String rationale() {
        return "A scale-in ends pods as a rollout does, but nobody watches it. Pods that are ending count neither as replicas nor in"
                + " the metrics: an autoscaler that looks back less than the time that a pod takes to end decides the next step"
                + " before it can see what the last one did, and a queue's consumers go up and down without end.";
    }

    @Override
    public String remedy() {
        return "Set the scaleDown stabilization window to at least the time that a pod takes to end. The grace period has to cover the"
                + " longest job: declare it with gracekeeper.io/shutdown-seconds on the pod template.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Horizontal Pod Autoscaling, Stabilization window (300 s by default)",
                "keda.sh: ScaledObject, advanced.horizontalPodAutoscalerConfig",
                "pkg/controller/controller_utils.go, IsPodActive");
    }

    @Override
    public List<Note> advise(AdviceInput input) {
        List<Note> notes = new ArrayList<>();
        long end = input.endSeconds();
        for (Autoscaler autoscaler : input.around().autoscalersOf(input.workload())) {
            if (autoscaler.stabilizationSeconds() < end) {
                notes.add(new Note(
                        rule(),
                        input.template().graceField(),
                        autoscaler.kind() + " \"" + autoscaler.name() + "\" may take pods away "
                                + autoscaler.stabilizationSeconds()
                                + "s after its last step, while those still take up to " + end + "s to end. Set its "
                                + autoscaler.field() + " to " + end + "."));
            }
        }
        return notes;
    }
}
