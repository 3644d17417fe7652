package io.gracekeeper.policy.rules;

import io.gracekeeper.crds.ApiGroup;
import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A readiness gate has a controller that sets it. */
final class OrphanReadinessGateAdvice implements Advice {
    @Override
    public Rule rule() {
        return Rule.ORPHAN_READINESS_GATE;
    }

    @Override
    public String rationale() {
        return "A pod with a readiness gate is ready only when somebody sets the condition of that name. A gate in a template stays"
                + " there when its controller is taken away, and from then on no new pod becomes ready: the next rollout hangs.";
    }

    @Override
    public String remedy() {
        return "Take the gate out of the template. A controller that needs one adds it to each pod, as long as it is there to set it.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Pod Lifecycle, Pod readiness (a condition that does not exist counts as False)",
                "KEP-580 (pod readiness gates)");
    }

    @Override
    public List<Note> advise(AdviceInput input) {
        if (input.kind().isPod()) {
            return List.of(); // There it belongs.
        }
        List<Note> notes = new ArrayList<>();
        Set<String> inUse = input.around().gatesInUse();
        for (String gate : new LinkedHashSet<>(input.template().readinessGates())) {
            boolean ours = gate.startsWith(ApiGroup.NAME + "/");
            if (ours || (inUse != null && !inUse.contains(gate))) {
                notes.add(new Note(
                        rule(),
                        input.template().field() + "readinessGates",
                        "gate " + gate + " is in the template, "
                                + (ours
                                        ? "where Gracekeeper never puts it: without Gracekeeper no new pod becomes ready."
                                        : "but no pod of the cluster has a condition of that name: nobody sets it, and no new pod becomes"
                                                + " ready.")
                                + " Take it out."));
            }
        }
        return notes;
    }
}
