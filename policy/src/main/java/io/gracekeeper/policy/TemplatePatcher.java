package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.Annotations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns a planned template into operations against the raw object. Only the fields that differ are touched, so that order and
 * fields that our model has never heard of survive.
 */
final class TemplatePatcher {
    private static final String RECORD = Annotations.INJECTED.replace("/", "~1");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode template;
    private final String pointer;
    private final List<PatchOperation> operations = new ArrayList<>();

    private TemplatePatcher(JsonNode template, String pointer) {
        this.template = template;
        this.pointer = pointer;
    }

    /**
     * The operations that lead from an object to a planned template.
     *
     * @param object the raw object
     * @param kind of the object
     * @param actual what was read of it
     * @param target what it is to be
     * @param record what to remember; empty to remember nothing
     */
    static List<PatchOperation> patch(
            JsonNode object, WorkloadKind kind, PodTemplate actual, PodTemplate target, InjectionRecord record) {
        var patcher = new TemplatePatcher(WorkloadReader.templateNode(object, kind), kind.templatePointer());
        patcher.grace(actual.terminationGracePeriodSeconds(), target.terminationGracePeriodSeconds());
        Map<Integer, Container> before = new HashMap<>();
        actual.containers().stream()
                .filter(container -> !container.nativeSidecar())
                .forEach(container -> before.put(container.index(), container));
        for (Container container : target.containers()) {
            Container asItIs = container.nativeSidecar() ? null : before.get(container.index());
            if (asItIs != null && !asItIs.preStop().equals(container.preStop())) {
                patcher.preStop(asItIs, container.preStop(), actual.record());
            }
        }
        patcher.record(record);
        return patcher.operations;
    }

    private void grace(@Nullable Long actual, @Nullable Long target) {
        if (Objects.equals(actual, target)) {
            return;
        }
        String path = pointer + "/spec/terminationGracePeriodSeconds";
        if (target == null) {
            operations.add(PatchOperation.remove(path));
        } else {
            operations.add(
                    actual == null
                            ? PatchOperation.add(path, NODES.numberNode(target))
                            : PatchOperation.replace(path, NODES.numberNode(target)));
        }
    }

    private void preStop(Container actual, PreStop target, @Nullable InjectionRecord before) {
        String path = pointer + "/spec/containers/" + actual.index() + "/lifecycle";
        JsonNode lifecycle =
                template.path("spec").path("containers").path(actual.index()).path("lifecycle");
        switch (target) {
            case PreStop.Sleep sleep -> {
                ObjectNode hook = NODES.objectNode();
                hook.putObject("sleep").put("seconds", sleep.seconds());
                if (!lifecycle.isObject()) {
                    operations.add(PatchOperation.add(path, NODES.objectNode().set("preStop", hook)));
                } else if (lifecycle.path("preStop").isObject()) {
                    operations.add(PatchOperation.replace(path + "/preStop", hook));
                } else {
                    operations.add(PatchOperation.add(path + "/preStop", hook));
                }
            }
            case PreStop.None none -> {
                boolean wasEmpty = before != null && before.emptyLifecycles().contains(actual.name());
                boolean alone = lifecycle.size() == 1 && !wasEmpty;
                operations.add(PatchOperation.remove(alone ? path : path + "/preStop"));
            }
            case PreStop other -> operations.add(PatchOperation.remove(path + "/preStop/sleep"));
        }
    }

    private void record(InjectionRecord record) {
        String list = pointer + "/metadata/annotations";
        String path = list + "/" + RECORD;
        JsonNode metadata = template.path("metadata");
        JsonNode annotations = metadata.path("annotations");
        JsonNode actual = annotations.path(Annotations.INJECTED);
        if (record.isEmpty()) {
            if (!actual.isMissingNode()) {
                operations.add(PatchOperation.remove(annotations.size() == 1 ? list : path));
            }
            return;
        }
        JsonNode value = NODES.textNode(record.encode());
        if (actual.equals(value)) {
            return;
        }
        ObjectNode alone = NODES.objectNode();
        alone.set(Annotations.INJECTED, value);
        if (!metadata.isObject()) {
            operations.add(
                    PatchOperation.add(pointer + "/metadata", NODES.objectNode().set("annotations", alone)));
        } else if (!annotations.isObject()) {
            operations.add(PatchOperation.add(list, alone));
        } else {
            operations.add(
                    actual.isMissingNode() ? PatchOperation.add(path, value) : PatchOperation.replace(path, value));
        }
    }
}
