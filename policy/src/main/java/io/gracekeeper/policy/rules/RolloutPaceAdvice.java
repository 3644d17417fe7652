package io.gracekeeper.policy.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Rule;
import java.util.ArrayList;
import java.util.List;

/** A rollout has room, and time, for pods that take their time to end. */
final class RolloutPaceAdvice implements Advice {
    /** What Kubernetes takes where a Deployment says nothing, in seconds. */
    private static final long DEFAULT_PROGRESS_DEADLINE = 600;

    @Override
    public Rule rule() {
        return Rule.ROLLOUT_PACE;
    }

    @Override
    public String rationale() {
        return "With maxSurge 0 an old pod is ended before its successor is ready, and with Recreate all of them are: each rollout"
                + " runs on fewer pods for as long as the start takes. Where a new pod has to wait for the end of an old one"
                + " (Recreate, host ports, quotas), a progressDeadlineSeconds below the grace period reports a rollout as failed"
                + " that only drains. Host ports leave no room for a surge on the same node.";
    }

    @Override
    public String remedy() {
        return "maxSurge 1 and maxUnavailable 0 for a server; maxSurge 0 and maxUnavailable 1 where it holds host ports;"
                + " progressDeadlineSeconds well above the grace period.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Deployments, Strategy and Progress Deadline Seconds",
                "pkg/controller/deployment/util/deployment_util.go (terminating pods are not counted)",
                "kubernetes.io: DaemonSet rolling update (maxSurge)");
    }

    @Override
    public List<Note> advise(AdviceInput input) {
        List<Note> notes = new ArrayList<>();
        if (input.kind().group().equals("apps")) {
            switch (input.kind().kind()) {
                case "Deployment" -> deployment(input, notes);
                case "DaemonSet" -> daemonSet(input, notes);
                default -> {}
            }
        }
        return notes;
    }

    private void deployment(AdviceInput input, List<Note> notes) {
        JsonNode strategy = input.spec().path("strategy");
        boolean serving = input.template().containers().stream().anyMatch(Container::serving);
        boolean hostPorts = input.holdsHostPorts();
        if (strategy.path("type").asText("").equals("Recreate")) {
            if (serving) {
                notes.add(new Note(
                        rule(),
                        "spec.strategy.type",
                        "Recreate ends every pod before the first new one starts: each rollout is an outage of at least the "
                                + input.template().graceSeconds()
                                + "s that pods may take to end. RollingUpdate avoids it."));
            }
        } else {
            boolean surge = !isZero(strategy.path("rollingUpdate").path("maxSurge"));
            boolean unavailable = !isZero(strategy.path("rollingUpdate").path("maxUnavailable"));
            if (!surge && serving && !hostPorts) {
                notes.add(new Note(
                        rule(),
                        "spec.strategy.rollingUpdate.maxSurge",
                        "with maxSurge 0 a rollout ends old pods before new ones are ready, and runs on fewer pods meanwhile."
                                + " Set rollingUpdate: {maxSurge: 1, maxUnavailable: 0}."));
            }
            if (surge && !unavailable && hostPorts) {
                notes.add(
                        new Note(
                                rule(),
                                "spec.strategy.rollingUpdate.maxUnavailable",
                                "the pods hold ports of their nodes, so a new one needs a node without an old one: with maxUnavailable 0 a"
                                        + " rollout hangs as soon as each node has one. Set rollingUpdate: {maxSurge: 0, maxUnavailable: 1}."));
            }
        }
        progress(input, notes);
    }

    private void progress(AdviceInput input, List<Note> notes) {
        long deadline = input.spec().path("progressDeadlineSeconds").asLong(DEFAULT_PROGRESS_DEADLINE);
        long end = input.endSeconds();
        if (deadline < end) {
            notes.add(new Note(
                    rule(),
                    "spec.progressDeadlineSeconds",
                    "a rollout counts as failed after " + deadline + "s without progress, but one pod may take " + end
                            + "s to end. Set progressDeadlineSeconds: " + (end + DEFAULT_PROGRESS_DEADLINE) + "."));
        }
    }

    private void daemonSet(AdviceInput input, List<Note> notes) {
        JsonNode surge =
                input.spec().path("updateStrategy").path("rollingUpdate").path("maxSurge");
        boolean surges = !surge.isMissingNode() && !surge.isNull() && !isZero(surge);
        if (surges && input.holdsHostPorts()) {
            notes.add(new Note(
                    rule(),
                    "spec.updateStrategy.rollingUpdate.maxSurge",
                    "the pods hold ports of their nodes, so a new one can't start beside the old one. Set rollingUpdate:"
                            + " {maxSurge: 0, maxUnavailable: 1}."));
        }
    }

    /** Whether it is written down as 0 or 0%; both have other defaults. */
    private static boolean isZero(JsonNode value) {
        return value.isValueNode() && value.asText().matches("0+%?");
    }
}
