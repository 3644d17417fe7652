package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * What decides how a pod ends. Two pods with equal settings end alike; a pod whose settings differ from its workload's current
 * template still dies by the old ones.
 *
 * @param terminationGracePeriodSeconds as written, 30 where it is not
 * @param preStop the hook of each main container and native sidecar that has one, in words
 */
public record TerminationSettings(long terminationGracePeriodSeconds, Map<String, String> preStop) {
    /** Copies the map. */
    public TerminationSettings {
        preStop = Map.copyOf(preStop);
    }

    /** Reads them from a pod's {@code spec}, or from a template's. */
    public static TerminationSettings of(JsonNode podSpec) {
        JsonNode grace = podSpec.path("terminationGracePeriodSeconds");
        Map<String, String> hooks = new TreeMap<>();
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : podSpec.path(list)) {
                JsonNode hook = container.path("lifecycle").path("preStop");
                if (hook.isObject()) {
                    hooks.put(container.path("name").asText(), hook.toString());
                }
            }
        }
        return new TerminationSettings(
                grace.canConvertToLong() && grace.isNumber() ? grace.longValue() : PodTemplate.DEFAULT_GRACE_SECONDS,
                hooks);
    }
}
