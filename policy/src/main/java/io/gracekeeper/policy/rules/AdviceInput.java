package io.gracekeeper.policy.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.EffectivePolicy;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.Need;
import io.gracekeeper.policy.PodTemplate;
import io.gracekeeper.policy.Surroundings;
import io.gracekeeper.policy.Workload;
import io.gracekeeper.policy.WorkloadKind;

/**
 * What advice is made from.
 *
 * @param evaluation what the rules read
 * @param object the workload as it came
 * @param around what is known of its surroundings
 */
public record AdviceInput(EvaluationInput evaluation, JsonNode object, Surroundings around) {
    Workload workload() {
        return evaluation.workload();
    }

    WorkloadKind kind() {
        return evaluation.workload().kind();
    }

    PodTemplate template() {
        return evaluation.template();
    }

    EffectivePolicy policy() {
        return evaluation.policy();
    }

    /** The raw {@code spec} of the workload. */
    JsonNode spec() {
        return object.path("spec");
    }

    /** The raw pod spec. */
    JsonNode podSpec() {
        JsonNode node = object;
        for (String name : kind().templatePath()) {
            node = node.path(name);
        }
        return node.path("spec");
    }

    /** A raw container, by what was read of it. */
    JsonNode raw(Container container) {
        return podSpec()
                .path(container.nativeSidecar() ? "initContainers" : "containers")
                .path(container.index());
    }

    /** How many pods are asked for; 1 where the workload doesn't say, as Kubernetes takes it. */
    long replicas() {
        JsonNode replicas = spec().path("replicas");
        return replicas.isIntegralNumber() ? replicas.longValue() : 1;
    }

    /** The seconds that its pods may take to end: its grace period, or what it needs where that is more. */
    long endSeconds() {
        Need need = Need.of(template(), policy());
        return Math.max(template().graceSeconds(), need == null ? 0 : need.seconds());
    }

    /** Whether a container can be reached only on its node's own ports, of which each node has one. */
    boolean holdsHostPorts() {
        if (template().hostNetwork()) {
            return template().containers().stream()
                    .anyMatch(container -> !container.tcpPorts().isEmpty());
        }
        for (JsonNode container : podSpec().path("containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("hostPort").asInt(0) > 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
