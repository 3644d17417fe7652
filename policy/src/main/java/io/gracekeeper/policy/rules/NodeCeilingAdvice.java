package io.gracekeeper.policy.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Surroundings.NodeLimit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Nodes grant the time that the pod asks for. */
final class NodeCeilingAdvice implements Advice {
    private record Spot(String cloud, long seconds) {}

    /** How long before the end of a node its cloud says so, by the labels and taints of such nodes. */
    private static final Map<String, Spot> SPOT = Map.of(
            "eks.amazonaws.com/capacityType=SPOT", new Spot("AWS", 120),
            "karpenter.sh/capacity-type=spot", new Spot("the cloud", 120),
            "cloud.google.com/gke-spot=true", new Spot("Google Cloud", 30),
            "cloud.google.com/gke-preemptible=true", new Spot("Google Cloud", 30),
            "kubernetes.azure.com/scalesetpriority=spot", new Spot("Azure", 30));

    @Override
    public Rule rule() {
        return Rule.NODE_CEILING;
    }

    @Override
    public String rationale() {
        return "A grace period is a promise that the node may not keep: a spot machine ends 30 to 120 s after its notice, Karpenter and"
                + " the cluster autoscaler end a drain after a time of their own, and a kubelet that shuts down gives each pod"
                + " at most its shutdownGracePeriod. What is longer is killed there.";
    }

    @Override
    public String remedy() {
        return "Keep what may take longer off such nodes, raise their limit, or make the work resumable.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Node Shutdowns, Graceful node shutdown",
                "karpenter.sh: NodePools, spec.template.spec.terminationGracePeriod",
                "cluster-autoscaler: --max-graceful-termination-sec (600 by default)",
                "AWS Spot Instance interruption notices (2 minutes); Google Cloud and Azure Spot VMs (30 s)");
    }

    @Override
    public List<Note> advise(AdviceInput input) {
        List<Note> notes = new ArrayList<>();
        long end = input.endSeconds();
        Map<String, Spot> wanted = new LinkedHashMap<>();
        for (String label : placement(input.podSpec())) {
            Spot spot = SPOT.get(label);
            if (spot != null) {
                wanted.put(label, spot);
            }
        }
        wanted.forEach((label, spot) -> {
            if (spot.seconds < end) {
                notes.add(note(
                        input,
                        "these pods may run on spot nodes (" + label + "), which " + spot.cloud + " ends "
                                + spot.seconds + "s after its notice, but they may take " + end + "s to end."));
            }
        });
        for (NodeLimit limit : input.around().nodeLimits()) {
            if (limit.seconds() < end) {
                notes.add(note(
                        input,
                        limit.source() + " gives pods at most " + limit.seconds() + "s (" + limit.field()
                                + "), but these may take " + end + "s to end."));
            }
        }
        return notes;
    }

    private Note note(AdviceInput input, String message) {
        return new Note(rule(), input.template().graceField(), message + " What is longer is killed there.");
    }

    /** Labels of nodes that the pods ask for, or whose taints they tolerate, as key=value. */
    private static Set<String> placement(JsonNode podSpec) {
        Set<String> labels = new TreeSet<>();
        podSpec.path("nodeSelector")
                .properties()
                .forEach(entry ->
                        labels.add(entry.getKey() + "=" + entry.getValue().asText()));
        for (JsonNode toleration : podSpec.path("tolerations")) {
            labels.add(toleration.path("key").asText() + "="
                    + toleration.path("value").asText());
        }
        JsonNode terms = podSpec.path("affinity")
                .path("nodeAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        for (JsonNode term : terms) {
            for (JsonNode expression : term.path("matchExpressions")) {
                if (expression.path("operator").asText().equals("In")) {
                    for (JsonNode value : expression.path("values")) {
                        labels.add(expression.path("key").asText() + "=" + value.asText());
                    }
                }
            }
        }
        return labels;
    }
}
