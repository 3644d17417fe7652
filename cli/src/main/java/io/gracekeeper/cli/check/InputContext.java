package io.gracekeeper.cli.check;

import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.policy.Surroundings;
import io.gracekeeper.policy.SurroundingsReader;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes from the inputs what verdicts and advice depend on and is no workload: namespaces, exceptions, Services, budgets,
 * autoscalers. A document that can't be any is not even parsed, so that no input has to be held in memory between the two looks
 * at it. Safe for several threads at once.
 */
final class InputContext {
    private static final Pattern MENTIONED = Pattern.compile(
            "kind\"?'?[ \\t]*:[ \\t]*\"?'?(?:Namespace|ShutdownException|Service|PodDisruptionBudget|HorizontalPodAutoscaler"
                    + "|ScaledObject|NodePool|KubeletConfiguration)\\b");
    private static final Set<String> POLICY_KINDS = Set.of("Namespace", "ShutdownException");

    private final PolicyReader into;
    private final String defaultNamespace;
    private final SurroundingsReader around = new SurroundingsReader();

    /**
     * A context.
     *
     * @param defaultNamespace of objects that name none
     */
    InputContext(PolicyReader into, String defaultNamespace) {
        this.into = into;
        this.defaultNamespace = defaultNamespace;
    }

    /** Takes what there is. What can't be read is told by whoever judges the same text. */
    void collect(ManifestReader.Part documents) {
        documents.read(MENTIONED, new ManifestReader.Sink() {
            @Override
            public void object(ManifestObject object) {
                collect(object);
            }

            @Override
            public void unreadable(Unreadable problem) {
                // Told by the judging look.
            }
        });
    }

    private synchronized void collect(ManifestObject object) {
        if (POLICY_KINDS.contains(object.kind())) {
            into.object(object);
        } else if (object.isObject()) {
            around.read(object.inNamespace(defaultNamespace));
        }
    }

    /** What was taken of the workloads' surroundings. */
    Surroundings surroundings() {
        return around.surroundings();
    }
}
