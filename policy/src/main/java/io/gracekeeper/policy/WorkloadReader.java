package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.Annotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the rules need from a raw workload. Never throws: webhooks see objects before the API server validates them, so a
 * field may be null, of another type, or missing, and what is odd reads as absent.
 */
public final class WorkloadReader {
    /** Port names that nobody sends requests to that could be lost. */
    private static final Set<String> NOT_SERVING = Set.of("metrics", "prometheus", "health", "debug");

    /** Sleeps beyond this (30 years) are one and the same mistake; the bound keeps sums from overflowing. */
    private static final long MAX_SECONDS = 1_000_000_000L;

    private static final String KUBECTL_CLIENT_SIDE_APPLY = "kubectl-client-side-apply";
    private static final String KUBECTL_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private WorkloadReader() {}

    /**
     * Reads a Deployment, or any object whose template is at {@code spec.template}.
     *
     * @param object as it came
     * @param namespace used where the object names none
     */
    public static Workload read(JsonNode object, String namespace) {
        JsonNode metadata = object.path("metadata");
        String name = text(metadata.path("name"));
        return new Workload(
                object.path("kind").asText("Deployment"),
                metadata.path("namespace").asText(namespace),
                name.isEmpty() ? text(metadata.path("generateName")) : name,
                template(object));
    }

    private static PodTemplate template(JsonNode object) {
        JsonNode template = object.path("spec").path("template");
        JsonNode spec = template.path("spec");
        JsonNode annotation = template.path("metadata").path("annotations").path(Annotations.INJECTED);
        InjectionRecord record = annotation.isTextual() ? InjectionRecord.decode(annotation.textValue()) : null;
        Long grace = seconds(spec.path("terminationGracePeriodSeconds"));
        List<Container> containers = new ArrayList<>();
        containers(spec.path("containers"), false, containers);
        containers(spec.path("initContainers"), true, containers);
        return new PodTemplate(
                strings(template.path("metadata").path("labels")),
                grace,
                origin(object, grace, record),
                record,
                containers);
    }

    private static void containers(JsonNode list, boolean init, List<Container> into) {
        if (!list.isArray()) {
            return; // An object has a size too, but nothing at an index.
        }
        for (int index = 0; index < list.size(); index++) {
            JsonNode container = list.get(index);
            if (!container.isObject()
                    || (init && !text(container.path("restartPolicy")).equals("Always"))) {
                continue; // A plain init container may have no lifecycle and has ended long before.
            }
            JsonNode lifecycle = container.path("lifecycle");
            into.add(new Container(
                    text(container.path("name")),
                    index,
                    init,
                    tcpPorts(container.path("ports")),
                    preStop(lifecycle),
                    lifecycle.isObject() && lifecycle.isEmpty()));
        }
    }

    private static List<Integer> tcpPorts(JsonNode ports) {
        List<Integer> serving = new ArrayList<>();
        for (JsonNode port : ports) {
            String protocol = text(port.path("protocol"));
            if ((protocol.isEmpty() || protocol.equals("TCP"))
                    && port.path("containerPort").isInt()
                    && !NOT_SERVING.contains(text(port.path("name")).toLowerCase(Locale.ROOT))) {
                serving.add(port.path("containerPort").intValue());
            }
        }
        return serving;
    }

    private static PreStop preStop(JsonNode lifecycle) {
        if (absent(lifecycle) || (lifecycle.isObject() && absent(lifecycle.path("preStop")))) {
            return new PreStop.None();
        }
        JsonNode hook = lifecycle.path("preStop");
        List<PreStop> handlers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> handler : hook.properties()) {
            if (!absent(handler.getValue())) {
                handlers.add(handler(handler.getKey(), handler.getValue()));
            }
        }
        return switch (handlers.size()) {
            case 0 -> new PreStop.Broken("without a handler");
            case 1 -> handlers.get(0);
            default -> new PreStop.Several(handlers);
        };
    }

    private static PreStop handler(String name, JsonNode value) {
        return switch (name) {
            case "sleep" -> {
                Long seconds = seconds(value.path("seconds"));
                yield new PreStop.Sleep(seconds == null ? 0 : Math.min(seconds, MAX_SECONDS));
            }
            case "exec" -> {
                List<String> command = new ArrayList<>();
                value.path("command").forEach(word -> command.add(word.asText()));
                yield new PreStop.Exec(command, ExecLength.of(command));
            }
            case "httpGet" -> new PreStop.HttpGet();
            default -> new PreStop.Broken(name);
        };
    }

    /**
     * Probed on 1.37: managedFields are computed before admission, and defaulting before both. A field that its author takes out
     * of the manifest comes back as 30, whatever was injected before, so a record alone makes no 30 explicit.
     */
    private static GraceOrigin origin(JsonNode object, @Nullable Long grace, @Nullable InjectionRecord record) {
        if (grace == null) {
            return GraceOrigin.UNSET;
        }
        if (grace != PodTemplate.DEFAULT_GRACE_SECONDS) {
            // Ours where it equals the record: strip takes it back.
            return GraceOrigin.EXPLICIT;
        }
        boolean serverSideApply = false;
        boolean setByHand = false;
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            boolean apply = text(entry.path("operation")).equals("Apply");
            boolean owns = entry.at("/fieldsV1/f:spec/f:template/f:spec/f:terminationGracePeriodSeconds")
                    .isObject();
            if (apply && owns) {
                return GraceOrigin.EXPLICIT;
            }
            serverSideApply |= apply;
            setByHand |= owns && !text(entry.path("manager")).equals(KUBECTL_CLIENT_SIDE_APPLY);
        }
        boolean recorded = record != null && record.graceSeconds() != null;
        if (recorded && setByHand) {
            return GraceOrigin.EXPLICIT; // Somebody has chosen it after us: an edit or a patch.
        }
        JsonNode lastApplied = object.path("metadata").path("annotations").path(KUBECTL_LAST_APPLIED);
        if (lastApplied.isTextual()) {
            return LastApplied.hasGrace(lastApplied.textValue()) ? GraceOrigin.EXPLICIT : GraceOrigin.UNSET;
        }
        if (serverSideApply) {
            return GraceOrigin.UNSET;
        }
        return recorded ? GraceOrigin.EXPLICIT : GraceOrigin.UNKNOWN;
    }

    static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new TreeMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                strings.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return strings;
    }

    private static @Nullable Long seconds(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? (Long) node.longValue() : null;
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }
}
